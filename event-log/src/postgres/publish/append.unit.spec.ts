import { appendTo } from './append';

const event = { id: 'a', contentHash: Buffer.alloc(1), payload: Buffer.alloc(1), attributes: {} };

function answering(...rows: unknown[]) {
  return appendTo({ query: () => Promise.resolve(rows as never[]) });
}

describe('an append’s answer', () => {
  it('without a second array says that every event was new', async () => {
    expect(await answering({ positions: '{7,8}', same: null })([event, event], 100)).toEqual([
      { position: '7', same: true },
      { position: '8', same: true },
    ]);
  });

  it('with one tells retries from conflicts', async () => {
    expect(await answering({ positions: '{7,7}', same: '{t,f}' })([event, event], 100)).toEqual([
      { position: '7', same: true },
      { position: '7', same: false },
    ]);
  });

  it('for fewer events than were sent is an error', async () => {
    await expect(answering({ positions: '{7}', same: null })([event, event], 100)).rejects.toThrow('1 of 2');
    await expect(answering()([event], 100)).rejects.toThrow('0 of 1');
  });
});
