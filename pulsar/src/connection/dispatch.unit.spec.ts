import * as fc from 'fast-check';
import { PulsarError } from '../errors';
import { unpack } from '../consumer/unpack';
import * as c from '../wire/commands';
import type { Entry } from '../wire/entry';
import { commandFrame, payloadHeader } from '../wire/frame';
import { writeMetadata, writeSingleMetadata } from '../wire/metadata';
import { Writer } from '../wire/writer';
import type { Connection } from './connection';
import { dispatch } from './dispatch';

/** A connection that does nothing, with one consumer and one producer that take anything. */
function nobody(onEntry: (entry: Entry) => void = () => undefined): Connection {
  const nothing = (): void => undefined;
  const handler = {
    onEntry,
    onReceipt: nothing,
    onSendError: nothing,
    onDetached: nothing,
    onActiveChange: nothing,
    onEndOfTopic: nothing,
  };
  const any = { get: () => handler, delete: () => true };
  const requests = { answer: nothing, fail: nothing };
  const rest = {
    state: 'open',
    url: 'x',
    endpoint: { tls: false },
    answerChallenge: () => Promise.resolve(),
    send: nothing,
    welcome: nothing,
    close: nothing,
  };
  return { ...rest, producers: any, consumers: any, requests } as unknown as Connection;
}

// Nothing but a typed error may come of it.
function expectTyped(frame: Buffer): void {
  const read = (entry: Entry): void =>
    void unpack(
      entry,
      't',
      () => undefined,
      () => true,
    );
  try {
    dispatch(nobody(read), frame);
  } catch (error) {
    if (!(error instanceof PulsarError)) throw error;
  }
}

function messageFrame(messages: number, payload: Buffer, compression = 0): Buffer {
  const command = (to: Writer): void => {
    to.number(1, c.Type.MESSAGE);
    to.nested(c.Type.MESSAGE, () => {
      to.number(1, 1);
      to.nested(2, () => c.MessageIdData.write(to, { ledgerId: 1, entryId: 2 }));
    });
  };
  const metadata = {
    producerName: 'p',
    sequenceId: 1,
    publishTime: 2,
    messagesInBatch: messages,
    compression,
    uncompressedSize: payload.length,
  };
  const header = payloadHeader(command, (to) => writeMetadata(to, metadata), payload);
  return Buffer.concat([header, payload]).subarray(4);
}

function batch(texts: string[]): Buffer {
  const to = new Writer();
  for (const text of texts) {
    const single = new Writer();
    writeSingleMetadata(single, { payloadSize: text.length, properties: { a: 'b' } });
    const size = Buffer.alloc(4);
    size.writeUInt32BE(single.length);
    to.raw(size);
    to.raw(single.view());
    to.raw(Buffer.from(text));
  }
  return Buffer.from(to.view());
}

test('a batch is unpacked', () => {
  const seen: string[] = [];
  const frame = messageFrame(3, batch(['a', 'bb', '']));
  dispatch(
    nobody((entry) =>
      unpack(
        entry,
        't',
        () => undefined,
        (i) => i !== 1,
      ).messages.forEach((m) => seen.push(m.getData().toString())),
    ),
    frame,
  );
  expect(seen).toEqual(['a', '']);
});

test('any frame: nothing but typed errors', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 4, maxLength: 300 }), (bytes) => expectTyped(Buffer.from(bytes))),
    { numRuns: 5_000 },
  );
});

test('any command with any content: nothing but typed errors', () => {
  const type = fc.constantFrom(...Object.values(c.Type));
  const frame = fc.tuple(type, fc.uint8Array({ maxLength: 200 })).map(([number, content]) => {
    const anything = { write: (to: Writer) => to.raw(content), read: () => undefined };
    return commandFrame(number, anything, undefined).subarray(4);
  });
  fc.assert(
    fc.property(frame, (bytes) => expectTyped(Buffer.from(bytes))),
    { numRuns: 10_000 },
  );
});

test('good frames with some bytes changed: nothing but typed errors, and a changed payload is noticed', () => {
  const good = messageFrame(20, batch(Array.from({ length: 20 }, (_, i) => `message ${i}`)));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }), (changes) => {
      const frame = Buffer.from(good);
      for (const [at, value] of changes) frame[at] = value;
      expectTyped(frame);
    }),
    { numRuns: 5_000 },
  );
  const broken = Buffer.from(good);
  broken[broken.length - 1] = broken.at(-1)! ^ 1;
  let intact = true;
  dispatch(
    nobody((entry) => (intact = entry.intact)),
    broken,
  );
  expect(intact).toBe(false);
});

test('any payload as a batch, in any compression: nothing but typed errors', () => {
  const payload = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
  fc.assert(
    fc.property(
      payload,
      fc.oneof(fc.nat(30), fc.constantFrom(-1, 2 ** 31 - 1, 2 ** 40)),
      fc.nat(6),
      (bytes, messages, compression) => expectTyped(messageFrame(messages, bytes, compression)),
    ),
    { numRuns: 5_000 },
  );
});
