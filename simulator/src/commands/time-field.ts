import { field, type Field, type FieldOptions } from '@emitter/kit';

const SHAPE = /^\d{4}-\d\d-\d\d$|^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/;
const TYPE = 'a time such as 2026-01-02 (UTC) or 2026-01-02T03:04:05Z';

/** A point in time as ISO 8601 has it: a day, or a day and a time with its zone. */
export function time(options: FieldOptions<Date>): Field<Date> {
  return field(options, {
    type: TYPE,
    placeholder: 'TIME',
    read: (text) => {
      const value = new Date(text);
      return SHAPE.test(text) && !Number.isNaN(value.getTime())
        ? { ok: true, value }
        : { ok: false, problem: `must be ${TYPE}`, holdsSecret: false };
    },
    show: (value) => value.toISOString(),
  });
}
