import { field, quoted, read, unreadable, type Field, type FieldOptions } from '../field';
import { suggestion } from '../suggestion';

const meanings = new Map([
  ['true', true],
  ['yes', true],
  ['on', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['off', false],
  ['0', false],
]);

/** A switch: `--name`, `--no-name`, or true, false, yes, no, on, off, 1 or 0 as a value. */
export function boolean(options: FieldOptions<boolean>): Field<boolean> {
  return field(options, {
    type: 'true or false',
    placeholder: '',
    json: ['boolean'],
    switch: true,
    read: (text) => {
      const value = meanings.get(text.toLowerCase());
      return value === undefined ? unreadable(`must be true or false, not ${quoted(text)}`) : read(value);
    },
  });
}

/** One of some words. */
export function oneOf<const T extends string>(values: readonly T[], options: FieldOptions<NoInfer<T>>): Field<T> {
  const type = `one of ${values.join(', ')}`;
  return field<T>(options, {
    type,
    placeholder: values.join('|'),
    read: (text) => {
      const value = values.find((candidate) => candidate === text);
      return value === undefined
        ? unreadable(`must be ${type}, not ${quoted(text)}${suggestion(text, values)}`)
        : read(value);
    },
  });
}
