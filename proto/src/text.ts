import { range } from './bounds';

/** What is wrong with a text under a bound in Unicode code points, or undefined when nothing is. */
export function textProblem(value: string, bound: { min: number; max: number }): string | undefined {
  if (!value.isWellFormed()) {
    return 'must be well-formed Unicode, without lone surrogates or invalid UTF-8';
  }
  if (value.includes('\0')) {
    return 'must not contain NUL (U+0000)';
  }
  if (value.length < bound.min || (value.length > bound.max && codePoints(value) > bound.max)) {
    return `must be ${range(bound)} characters`;
  }
  return undefined;
}

function codePoints(value: string): number {
  let count = 0;
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- iterating a string goes by code point
  for (const _ of value) {
    count++;
  }
  return count;
}
