import { secretFile } from './secret-file';

describe('secretFile', () => {
  it('is the content of the file, without white space at its ends', () => {
    expect(secretFile({ doc: '' }).read(' two words \r\n')).toEqual({ ok: true, value: 'two words' });
  });

  it('refuses an empty file', () => {
    expect(secretFile({ doc: '' }).read(' \n')).toMatchObject({ problem: 'names a file that is empty' });
  });

  it('shows nothing of the secret, not even its length', () => {
    expect(secretFile({ doc: '' }).show('hunter2')).toBe(secretFile({ doc: '' }).show('x'));
  });
});
