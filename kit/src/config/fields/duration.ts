import { field, quoted, read, unreadable, type Field, type FieldOptions } from '../field';

/** A length of time as a person writes it: `500ms`, `2s`, `1.5h`, `30d`. */
export type DurationText = `${number}${Unit}`;

type Unit = keyof typeof units;

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The longest delay that Node's timers take; a longer one fires at once. */
const longestTimer = 2 ** 31 - 1;

/** A length of time. The value is in milliseconds. */
export interface DurationOptions {
  readonly doc: string;
  readonly group?: string;
  readonly default?: DurationText;
  /** The shortest; `0ms` unless given. */
  readonly min?: DurationText;
  /** The longest; unless given, the longest that a timer can wait (24 days). Give one for ages and retentions. */
  readonly max?: DurationText;
}

/** A length of time, as `500ms` or `2s`; its value is in whole milliseconds. */
export function duration(options: DurationOptions): Field<number> {
  const min = options.min === undefined ? 0 : declared(options.min);
  const max = options.max === undefined ? longestTimer : declared(options.max);
  const bounds = [
    ...(options.min === undefined ? [] : [`at least ${options.min}`]),
    ...(options.max === undefined ? [] : [`at most ${options.max}`]),
  ].map((bound) => `, ${bound}`);
  const type = `a duration such as 500ms, 2s, 5m or 1h${bounds.join('')}`;
  const { default: defaultText, ...rest } = options;
  const fieldOptions: FieldOptions<number> =
    defaultText === undefined ? rest : { ...rest, default: declared(defaultText) };
  return field(fieldOptions, {
    type,
    placeholder: 'DURATION',
    read: (text) => {
      const value = milliseconds(text);
      if (value === undefined) {
        const unitless = /^\d+$/.test(text) ? `; write the unit: ${text}ms or ${text}s` : '';
        return unreadable(`must be ${type}, not ${quoted(text)}${unitless}`);
      }
      if (value > max && options.max === undefined) {
        return unreadable(`must be at most ${showDuration(24 * units.d)}, not ${quoted(text)}`);
      }
      return value >= min && value <= max ? read(value) : unreadable(`must be ${type}, not ${quoted(text)}`);
    },
    show: showDuration,
  });
}

/** The milliseconds of a duration text; undefined when it is none. */
function milliseconds(text: string): number | undefined {
  const match = /^(\d+|\d+\.\d+)(ms|s|m|h|d)$/.exec(text);
  return match === null ? undefined : Math.round(Number(match[1]) * units[match[2] as Unit]);
}

function declared(text: DurationText): number {
  const value = milliseconds(text);
  if (value === undefined) {
    throw new TypeError(`${quoted(text)} is not a duration`);
  }
  return value;
}

/** Milliseconds in the largest unit that leaves no rest: `90000` is `90s`, `3600000` is `1h`. */
export function showDuration(value: number): string {
  const unit = (['d', 'h', 'm', 's'] as const).find((name) => value > 0 && value % units[name] === 0) ?? 'ms';
  return `${value / units[unit]}${unit}`;
}
