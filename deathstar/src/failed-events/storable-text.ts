/** The text as Postgres can hold it: NUL and lone surrogates, which it refuses, become U+FFFD. */
export function storableText(value: string): string {
  return value.toWellFormed().replaceAll('\0', '\uFFFD');
}
