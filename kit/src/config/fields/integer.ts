import { field, quoted, read, unreadable, type Field, type FieldOptions } from '../field';

/** A whole number with its bounds, both included. */
export interface IntegerOptions extends FieldOptions<number> {
  readonly min?: number;
  readonly max?: number;
}

export function integer(options: IntegerOptions): Field<number> {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = options;
  return numeric(options, { type: `a whole number${boundsText(options)}`, placeholder: 'N', min, max });
}

/** A TCP port to listen on; 0 takes any free one. */
export function port(options: FieldOptions<number>): Field<number> {
  return numeric(options, { type: 'a port, 0 (any free one) to 65535', placeholder: 'PORT', min: 0, max: 65_535 });
}

interface Numeric {
  readonly type: string;
  readonly placeholder: string;
  readonly min: number;
  readonly max: number;
}

function numeric(options: FieldOptions<number>, { type, placeholder, min, max }: Numeric): Field<number> {
  return field(options, {
    type,
    placeholder,
    json: ['number'],
    read: (text) => {
      const value = /^-?\d+$/.test(text) ? Number(text) : NaN;
      return value >= min && value <= max ? read(value) : unreadable(`must be ${type}, not ${quoted(text)}`);
    },
  });
}

function boundsText({ min, max }: IntegerOptions): string {
  if (min !== undefined && max !== undefined) {
    return `, ${min} to ${max}`;
  }
  if (min !== undefined) {
    return `, at least ${min}`;
  }
  return max === undefined ? '' : `, at most ${max}`;
}
