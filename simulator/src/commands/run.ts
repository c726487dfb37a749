import { loadCommand, toEmitterError, type ConfigDeclaration } from '@emitter/kit';
import { acquire, acquireConfig } from './acquire';
import { exitCodeOf, failureText } from './failure';
import { list, listConfig } from './list';
import { load, loadConfig } from './load';
import { OutputClosed, writeAll } from './output';
import { serve, serveConfig } from './serve';
import { watch, watchConfig } from './watch';
import type { World } from './world';

/** The settings of every command, in the order in which help shows them. */
export const commandConfigs = {
  acquire: acquireConfig,
  list: listConfig,
  watch: watchConfig,
  serve: serveConfig,
  load: loadConfig,
} satisfies Record<string, ConfigDeclaration<never>>;

/** As most tools have it for a command line that says too little. */
const USAGE = 2;
/** As shells have it for a program that Ctrl-C ended. */
const INTERRUPTED = 130;

/**
 * Runs `simulator <command> …` and resolves to its exit code. Failures are shown as one line and what to do,
 * never a stack. Never rejects.
 */
export async function runSimulator(argv: readonly string[], version: string, world: World): Promise<number> {
  let address: string | undefined;
  try {
    const { env, readFile } = world;
    const chosen = loadCommand('simulator', commandConfigs, { argv, env, readFile, version });
    if (chosen.kind === 'print') {
      if (argv.length === 0) {
        world.stderr.write(chosen.text);
        return USAGE;
      }
      await writeAll(world.stdout, [chosen.text]);
      return chosen.exitCode;
    }
    address = chosen.values.address.join(', ');
    switch (chosen.command) {
      case 'acquire':
        return await acquire(chosen.values, world);
      case 'list':
        return await list(chosen.values, world);
      case 'watch':
        return await watch(chosen.values, world);
      case 'serve':
        return await serve(chosen.values, version, world);
      case 'load':
        return await load(chosen.values, world);
    }
  } catch (thrown) {
    return failed(thrown, argv[0] ?? '', address, world);
  }
}

function failed(thrown: unknown, command: string, address: string | undefined, world: World): number {
  if (thrown instanceof OutputClosed) {
    return 0;
  }
  const error = toEmitterError(thrown);
  if (error.code === 'CANCELLED' && world.signal.aborted) {
    if (error.details.requestId !== undefined) {
      world.stderr.write(`simulator ${command}: ${error.message}\n`);
    }
    return INTERRUPTED;
  }
  world.stderr.write(failureText(command, error, address));
  return exitCodeOf(error);
}
