import * as fc from 'fast-check';
import { fingerprint, seal, unseal } from '.';

const fields = fc.array(
  fc.string().filter((text) => !text.includes('.')),
  { minLength: 1 },
);

describe('a token', () => {
  it('gives back what was sealed, and travels as it is in a URL', () => {
    fc.assert(
      fc.property(fields, (texts) => {
        const token = seal('page/1', texts);
        expect(token).toMatch(/^[\w-]+$/);
        expect(unseal('page/1', token)).toEqual(texts);
      }),
    );
  });

  it('is refused after any change of one character, and when cut or lengthened', () => {
    fc.assert(
      fc.property(
        fields,
        fc.nat(),
        fc.constantFrom('a', 'z', 'A', '0', '-', '_', '=', '+', '/', ' ', '\u00e9'),
        (texts, at, other) => {
          const token = seal('page/1', texts);
          const place = at % token.length;
          fc.pre(token[place] !== other);
          expect(unseal('page/1', token.slice(0, place) + other + token.slice(place + 1))).toBeUndefined();
          expect(unseal('page/1', token.slice(0, place))).toBeUndefined();
          expect(unseal('page/1', `${token}${other}`)).toBeUndefined();
        },
      ),
    );
  });

  it('is of no use as one of another kind', () => {
    expect(unseal('watch/1', seal('page/1', ['a']))).toBeUndefined();
  });

  it('is not read from noise', () => {
    fc.assert(fc.property(fc.string(), (noise) => expect(unseal('page/1', noise)).toBeUndefined()));
  });
});

describe('a fingerprint', () => {
  it('is short, fixed, and without dots', () => {
    expect(fingerprint('a')).toBe('ypeBEsobvcr6');
    expect(fingerprint('b')).not.toBe(fingerprint('a'));
  });
});
