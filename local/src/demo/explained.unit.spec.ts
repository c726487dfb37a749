import { tmpdir } from 'node:os';
import { explained } from './explained';

const folder = { path: '/tmp/demo', postgres: '/does/not/exist', remove: () => Promise.resolve() };

describe('the error that ended the demo', () => {
  it('says that the disk is full where only its consequence was met', async () => {
    const error = new Error('could not extend file "base/16384/2610_fsm": No space left on device');
    await expect(explained(error, folder)).resolves.toMatchObject({
      message: expect.stringMatching(
        /because the disk is full: make room below \/tmp\/demo, or set TMPDIR[^]*2610_fsm/,
      ) as string,
      cause: error,
    });
  });

  it.each([new Error('x because the disk is full: y'), new Error('something else'), 'a text'])(
    'stays as it is: %s',
    async (error) => {
      await expect(explained(error, folder)).resolves.toBe(error);
    },
  );

  it.each([
    ['ENOENT', 'it does not exist'],
    ['EACCES', 'you may not write to it'],
    ['EMFILE', 'said by the system'],
  ])('names TMPDIR where no folder could be made: %s', async (code, why) => {
    const error = Object.assign(new Error('said by the system'), { code });
    await expect(explained(error, undefined)).resolves.toMatchObject({
      code: 'CONFIG_INVALID',
      message: `The demo needs a folder for temporary files and cannot make one in ${tmpdir()}: ${why}. Set TMPDIR to a folder that you may write to.`,
      cause: error,
    });
  });
});
