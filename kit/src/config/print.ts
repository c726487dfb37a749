import type { Resolved } from './resolve';
import { originText } from './setting';

/** What `--print-config` prints: a line for each setting with its value, secrets masked, and where it came from. */
export function printedConfig(resolved: readonly Resolved[]): string {
  const rows = resolved.map(({ names, field, value, origin }) => ({
    name: names.key,
    value: value === undefined ? '(not set)' : field.show(value) || '(empty)',
    origin: originText(origin),
  }));
  const nameWidth = Math.max(0, ...rows.map(({ name }) => name.length));
  const valueWidth = Math.min(60, Math.max(0, ...rows.map(({ value }) => value.length)));
  return rows
    .map(({ name, value, origin }) => `${name.padEnd(nameWidth)}  ${value.padEnd(valueWidth)}  (${origin})\n`)
    .join('');
}
