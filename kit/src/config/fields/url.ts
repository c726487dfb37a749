import { field, read, unreadable, type Field, type FieldOptions } from '../field';
import { suggestion } from '../suggestion';

/** A URL without a password: secrets come in as files. */
export interface UrlOptions extends FieldOptions<string> {
  /** The schemes it may have, without the colon: `['postgres', 'postgresql']`. */
  readonly schemes: readonly string[];
}

/** A URL, kept as it was written. One that holds a password is a mistake: the password belongs in a file. */
export function url(options: UrlOptions): Field<string> {
  const type = `a URL that begins with ${options.schemes.map((scheme) => `${scheme}://`).join(' or ')}`;
  return field(options, {
    type,
    placeholder: 'URL',
    // The text is never repeated in a message: a mistyped URL may hold a password in any place.
    read: (text) => {
      const parsed = parse(text);
      if (parsed === undefined) {
        return unreadable(`must be ${type}; this is no URL`);
      }
      if (holdsPassword(parsed)) {
        return unreadable('must not hold a password: everyone who sees the settings would see it', {
          holdsSecret: true,
        });
      }
      const scheme = parsed.protocol.slice(0, -1);
      return options.schemes.includes(scheme)
        ? read(text)
        : unreadable(`must be ${type}, not with ${scheme}:${suggestion(scheme, options.schemes)}`);
    },
  });
}

function parse(text: string): URL | undefined {
  // URL.parse came with Node 22.
  return URL.canParse(text) && text.includes('://') ? new URL(text) : undefined;
}

function holdsPassword(parsed: URL): boolean {
  return parsed.password !== '' || [...parsed.searchParams.keys()].some((name) => /password|secret|token/i.test(name));
}
