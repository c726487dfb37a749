import { readFile } from 'node:fs/promises';

/** The last lines of a service's log, as a person reads them; lines that are not JSON come as they are. */
export async function logTail(file: string, lines = 5): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-lines).map(readable).join('\n');
}

function readable(line: string): string {
  try {
    const { message, error, 'log.level': level } = JSON.parse(line) as Partial<Record<string, unknown>>;
    const cause = (error as { message?: string } | undefined)?.message;
    return [level, message, cause].filter((part) => typeof part === 'string' && part !== '').join(': ');
  } catch {
    return line;
  }
}
