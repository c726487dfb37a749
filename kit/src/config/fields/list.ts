import { field, read, unreadable, type Field, type FieldOptions, type Reading } from '../field';

/** Several values: parted by commas, or the flag several times, or an array in the configuration file. */
export function list<T>(item: Field<T>, options: FieldOptions<readonly T[]>): Field<readonly T[]> {
  return field<readonly T[]>(options, {
    type: `a list, each ${item.type}`,
    placeholder: `${item.placeholder},…`,
    json: ['array', ...item.json],
    repeatable: true,
    read: (text) => collect(text.split(',').map((part) => item.read(part.trim()))),
    readPart: (text) => collect([item.read(text)]),
    join: (parts) => parts.flat(),
    show: (values) => values.map((value) => item.show(value)).join(','),
  });
}

function collect<T>(readings: readonly Reading<T>[]): Reading<readonly T[]> {
  const values: T[] = [];
  for (const [place, reading] of readings.entries()) {
    if (!reading.ok) {
      return readings.length === 1 ? reading : unreadable(`item ${place + 1} ${reading.problem}`);
    }
    values.push(reading.value);
  }
  return read(values);
}
