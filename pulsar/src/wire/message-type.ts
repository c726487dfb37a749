import { PulsarError } from '../errors';
import { Reader } from './reader';
import type { Writer } from './writer';

/**
 * Messages described by tables: for the commands that are sent once in a while (connect, lookup, subscribe …).
 * What is sent for every message has hand-written code: `entry.ts`, `receipt.ts`.
 */
export interface Field<T, Required extends boolean = boolean> {
  id: number;
  required: Required;
  /** The protobuf wire types it may arrive in; a field in any other is skipped like an unknown one. */
  wireTypes: readonly number[];
  write(to: Writer, id: number, value: T): void;
  read(from: Reader, previous: T | undefined, tag: number): T;
}
type Shape = Record<string, Field<never> | Field<unknown>>;
type Mandatory = Field<never, true> | Field<unknown, true>;
type Value<F> = F extends Field<infer T> ? T : never;

/** The TypeScript type of a message with these fields. */
export type MessageOf<S> = { [K in keyof S as S[K] extends Mandatory ? K : never]: Value<S[K]> } & {
  [K in keyof S as S[K] extends Mandatory ? never : K]?: Value<S[K]> | undefined;
};

/** A message type: encodes and decodes values of `T`. */
export interface MessageType<T> {
  write(to: Writer, value: T): void;
  read(from: Reader): T;
}

const scalar = <T>(wireType: number, write: Field<T>['write'], read: (from: Reader) => T) => {
  return (id: number): Field<T, false> => ({ id, required: false, wireTypes: [wireType], write, read });
};
/** Field kinds: each takes the field's number. */
export const uint = scalar<number>(
  0,
  (to, id, v) => to.number(id, v),
  (from) => from.varint(),
);
export const bool = scalar<boolean>(
  0,
  (to, id, v) => to.number(id, v ? 1 : 0),
  (from) => from.varint() !== 0,
);
export const text = scalar<string>(
  2,
  (to, id, v) => to.text(id, v),
  (from) => from.text(),
);
export const blob = scalar<Uint8Array>(
  2,
  (to, id, v) => to.blob(id, v),
  (from) => from.blob(),
);

/** A field that must be there, in both directions. */
export function required<T>(field: Field<T, false>): Field<T, true> {
  return { ...field, required: true };
}

/** A nested message. */
export function nested<T>(id: number, type: MessageType<T>): Field<T, false> {
  return {
    id,
    required: false,
    wireTypes: [2],
    write: (to, field, value) => to.nested(field, () => type.write(to, value)),
    read: (from) => {
      const end = from.delimited();
      const start = from.at;
      from.at = end;
      return type.read(new Reader(from.bytes, start, end));
    },
  };
}

/** A repeated field of anything. */
export function repeated<T>(field: Field<T, false>): Field<T[], false> {
  return {
    id: field.id,
    required: false,
    wireTypes: field.wireTypes,
    write: (to, id, values) => values.forEach((value) => field.write(to, id, value)),
    read: (from, previous = [], tag) => {
      previous.push(field.read(from, undefined, tag));
      return previous;
    },
  };
}

/** 64-bit numbers, exact, packed or not. */
export function longs(id: number): Field<bigint[], false> {
  return {
    id,
    required: false,
    wireTypes: [0, 2],
    write: (to, field, values) =>
      values.forEach((value) => {
        to.varint(field * 8);
        to.bigVarint(value);
      }),
    read: (from, previous = [], tag) => {
      if ((tag & 7) === 0) previous.push(from.bigVarint());
      else for (const end = from.delimited(); from.at < end;) previous.push(from.bigVarint());
      return previous;
    },
  };
}

/** Makes a message type of its fields. */
export function message<S extends Shape>(name: string, shape: S): MessageType<MessageOf<S>> {
  const fields = Object.entries(shape) as [string, Field<unknown>][];
  const byId = new Map(fields.map(([key, field]) => [field.id, { key, field }]));
  return {
    write(to, value) {
      for (const [key, field] of fields) {
        const content = (value as Record<string, unknown>)[key];
        if (content !== undefined) field.write(to, field.id, content);
      }
    },
    read(from) {
      const value: Record<string, unknown> = {};
      while (from.more()) {
        const tag = from.varint();
        const known = byId.get(Math.floor(tag / 8));
        if (!known?.field.wireTypes.includes(tag & 7)) from.skip(tag);
        else value[known.key] = known.field.read(from, value[known.key], tag);
      }
      for (const [key, field] of fields) {
        if (field.required && value[key] === undefined) {
          throw new PulsarError('PROTOCOL_ERROR', `${name} came without ${key}`);
        }
      }
      return value as MessageOf<S>;
    },
  };
}
