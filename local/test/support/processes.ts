import { readdirSync, readFileSync } from 'node:fs';

/**
 * Processes that have a text in their command line or their environment: a folder's path finds everything that was
 * started for it. Linux only; elsewhere there is nothing to look in, and the list is empty.
 */
export function processesWith(text: string): string[] {
  return (
    list('/proc')
      .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
      .filter((pid) => read(`/proc/${pid}/cmdline`).includes(text) || read(`/proc/${pid}/environ`).includes(text))
      .map((pid) => ({ pid, command: read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ') }))
      // What has no command line any more has ended, be it that nobody has asked for its exit code yet.
      .filter(({ command }) => command !== '')
      .map(({ pid, command }) => `${pid} ${command}`)
  );
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It ended meanwhile.
    return '';
  }
}
