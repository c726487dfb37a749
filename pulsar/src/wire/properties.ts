import { Reader } from './reader';
import type { Writer } from './writer';

/** Properties of a message, producer or consumer. */
export type Properties = Record<string, string>;

/** Appends properties as repeated KeyValue fields. */
export function writeProperties(to: Writer, field: number, properties: Properties | undefined): void {
  if (!properties) return;
  for (const key in properties) {
    to.nested(field, () => {
      to.text(1, key);
      to.text(2, properties[key]!);
    });
  }
}

/** Reads the KeyValue fields with this number out of an encoded message and skips everything else. */
export function readProperties(bytes: Buffer, start: number, end: number, field: number): Properties {
  const reader = new Reader(bytes, start, end);
  const properties: Properties = {};
  while (reader.more()) {
    const tag = reader.varint();
    if (tag !== field * 8 + 2) {
      reader.skip(tag);
      continue;
    }
    const pair = new Reader(bytes, 0, reader.delimited());
    pair.at = reader.at;
    reader.at = pair.end;
    let key = '';
    let value = '';
    while (pair.more()) {
      const inner = pair.varint();
      if (inner === 10) key = pair.text();
      else if (inner === 18) value = pair.text();
      else pair.skip(inner);
    }
    Object.defineProperty(properties, key, { value, enumerable: true, writable: true, configurable: true });
  }
  return properties;
}

/** KeyValue pairs for the commands that carry them. */
export function toPairs(properties: Properties | undefined): { key: string; value: string }[] | undefined {
  return properties && Object.entries(properties).map(([key, value]) => ({ key, value }));
}
