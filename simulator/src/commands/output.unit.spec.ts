import { Writable } from 'node:stream';
import { OutputClosed, writeAll } from './output';

describe('writing to an output', () => {
  it('leaves no listener behind', async () => {
    const kept: string[] = [];
    const output = new Writable({
      decodeStrings: false,
      write: (chunk: string, _encoding, done) => {
        kept.push(chunk);
        done();
      },
    });
    for (let times = 0; times < 20; times++) {
      await writeAll(output, ['a', 'b']);
    }
    expect(kept.join('')).toBe('ab'.repeat(20));
    expect(output.listenerCount('error')).toBe(0);
  });

  it('says that the reader has left when the output is gone already', async () => {
    const output = new Writable({ write: (_chunk, _encoding, done) => done() });
    output.destroy();
    await expect(writeAll(output, ['a'])).rejects.toThrow(OutputClosed);
  });
});
