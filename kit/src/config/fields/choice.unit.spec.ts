import { boolean, oneOf } from './choice';

describe('boolean', () => {
  it.each(['true', 'yes', 'on', '1', 'TRUE'])('reads %s as true', (written) => {
    expect(boolean({ doc: '' }).read(written)).toEqual({ ok: true, value: true });
  });

  it.each(['false', 'no', 'off', '0', 'Off'])('reads %s as false', (written) => {
    expect(boolean({ doc: '' }).read(written)).toEqual({ ok: true, value: false });
  });

  it('refuses everything else', () => {
    expect(boolean({ doc: '' }).read('maybe')).toMatchObject({ problem: 'must be true or false, not "maybe"' });
  });
});

describe('oneOf', () => {
  const field = oneOf(['debug', 'info', 'warn'], { doc: '', default: 'info' });

  it('takes one of its words, which are its type', () => {
    const reading = field.read('warn');
    const value: 'debug' | 'info' | 'warn' | undefined = reading.ok ? reading.value : undefined;
    expect(value).toBe('warn');
  });

  it('lists the words and finds the one that was meant', () => {
    expect(field.read('warning')).toMatchObject({
      problem: 'must be one of debug, info, warn, not "warning"; did you mean warn?',
    });
    expect(field.read('loud')).toMatchObject({ problem: 'must be one of debug, info, warn, not "loud"' });
  });
});
