import { PulsarError } from './errors';

/** An integer option between two bounds, or its default. Raises INVALID_CONFIGURATION. */
export function integer(
  name: string,
  value: number | undefined,
  fallback: number,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): number {
  if (value === undefined) return fallback;
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw new PulsarError('INVALID_CONFIGURATION', `${name} must be a whole number from ${min} to ${max}, not ${value}`, {
    details: { option: name },
  });
}

/** One of several names, or the default. Raises INVALID_CONFIGURATION. */
export function choice<T extends string>(name: string, value: T | undefined, fallback: T, allowed: readonly T[]): T {
  if (value === undefined) return fallback;
  if (allowed.includes(value)) return value;
  throw new PulsarError('INVALID_CONFIGURATION', `${name} must be one of ${allowed.join(', ')}, not "${value}"`, {
    details: { option: name },
  });
}

/** Text that must be there. Raises INVALID_CONFIGURATION. */
export function requiredText(name: string, value: string | undefined): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new PulsarError('INVALID_CONFIGURATION', `${name} must be given`, { details: { option: name } });
}

/** Refuses options of the official API that this client does not have, instead of ignoring them. Raises NOT_SUPPORTED. */
export function refuse(config: object, names: readonly string[]): void {
  for (const name of names) {
    const value = (config as Record<string, unknown>)[name];
    if (value !== undefined && value !== false) {
      throw new PulsarError('NOT_SUPPORTED', `${name} is not covered; see the table in the README`, {
        details: { option: name },
      });
    }
  }
}
