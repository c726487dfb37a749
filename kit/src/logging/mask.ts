/** What stands in the place of a secret. */
const masked = '***';

/**
 * What a secret looks like inside a text, whoever wrote it: a driver's error, a URL, a header. Each pattern keeps what
 * tells a reader which setting it was. They are bounded, so that a long line costs no more than its length.
 */
const patterns: readonly (readonly [RegExp, string])[] = [
  // Everything before the last @: a password may hold an @ or a slash that was not escaped.
  [/:\/\/\S{1,2000}@/g, `://${masked}@`],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END|$)/g, masked],
  [/\b(bearer|basic)\s+[\w.~+/=-]{4,}/gi, `$1 ${masked}`],
  // name=value and name: value, the value in quotes or up to the next space.
  [
    /((?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|private[_-]?key|authorization)["']?\s*[=:]\s*)(?!\s|\*{3}|(?:bearer|basic)\s)(?:"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|\S+)/gi,
    `$1${masked}`,
  ],
  [/\bhv[sb]\.[\w-]{8,}/g, masked],
  [/\beyJ[\w-]{4,}\.[\w-]{4,}\.[\w-]*/g, masked],
];

/** The text with every secret that it shows to hold masked. */
export function maskSecrets(text: string): string {
  return patterns.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}

/** Words that make a property a secret, whatever it holds. */
const secretWords = new Set([
  'authorization',
  'cookie',
  'credential',
  'credentials',
  'key',
  'passphrase',
  'passwd',
  'password',
  'pwd',
  'secret',
  'secrets',
  'token',
  'tokens',
]);

/** Whether a property of this name holds a secret: `databasePassword`, `x-api-key`; not `passwordFile`, a mere path. */
export function isSecretName(name: string): boolean {
  const words = name.split(/(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+/).map((word) => word.toLowerCase());
  return words.some((word) => secretWords.has(word)) && !['file', 'path'].includes(words.at(-1) ?? '');
}

export const maskedValue = masked;
