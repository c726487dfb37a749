import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

/** The checkout. */
export const root = resolve(import.meta.dirname, '..', '..');

/** What standard output and standard error held, and the exit code; a program that is not there rejects. */
export function capture(command, args, options = {}) {
  return new Promise((resolvePromise, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let output = '';
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolvePromise({ code, output, stdout }));
  });
}

/** Runs a program at this terminal; its exit code. A signal that ended it counts as 128 and its number do in a shell. */
export function run(command, args, options = {}) {
  return new Promise((resolvePromise, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    // Ctrl-C reaches the child too; it decides how to end, and we end after it.
    const wait = () => undefined;
    process.on('SIGINT', wait).on('SIGTERM', wait);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('SIGINT', wait).off('SIGTERM', wait);
      resolvePromise(code ?? (signal === 'SIGINT' ? 130 : 143));
    });
  });
}

/** npm as this process was started by it, else the one on the path. */
export function npm(args) {
  const started = process.env.npm_execpath;
  return started?.endsWith('.js') ? [process.execPath, [started, ...args]] : ['npm', args];
}

/** The path of a file inside an installed package. */
export function installed(file) {
  return createRequire(join(root, 'package.json')).resolve(file);
}
