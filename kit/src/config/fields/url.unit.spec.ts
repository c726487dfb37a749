import { url } from './url';

const field = url({ doc: '', schemes: ['postgres', 'postgresql'] });

describe('url', () => {
  it.each(['postgres://db/emitter', 'postgresql://destroyer@127.0.0.1:5432/emitter?sslmode=require'])(
    'keeps %s as it was written',
    (written) => {
      expect(field.read(written)).toEqual({ ok: true, value: written });
    },
  );

  it.each([
    'postgres://destroyer:hunter2@db/emitter',
    'postgres://:hunter2@db/emitter',
    'postgres://db/emitter?password=hunter2',
    'postgres://db/emitter?sslpassword=hunter2',
  ])('refuses a password, whatever the place: %s', (written) => {
    expect(field.read(written)).toEqual({
      ok: false,
      problem: 'must not hold a password: everyone who sees the settings would see it',
      holdsSecret: true,
    });
  });

  it.each(['', 'db', 'db:5432', 'postgres:db', 'postgres://u:hunter2@:port:/x', '//db'])(
    'refuses %p without repeating it',
    (written) => {
      const reading = field.read(written);
      expect(reading).toMatchObject({
        ok: false,
        problem: 'must be a URL that begins with postgres:// or postgresql://; this is no URL',
      });
    },
  );

  it('refuses another scheme and finds the one that was meant', () => {
    expect(field.read('postgre://db/emitter')).toMatchObject({
      problem: 'must be a URL that begins with postgres:// or postgresql://, not with postgre:; did you mean postgres?',
    });
    expect(field.read('http://db')).toMatchObject({
      problem: 'must be a URL that begins with postgres:// or postgresql://, not with http:',
    });
  });
});
