import { boolean, configure, declareConfig, optional, path } from '@emitter/kit';
import { runDemo } from './demo';
import { listenForInterruption } from './interruption';
import { createTerminal } from './terminal';

const config = declareConfig(
  'demo',
  {
    keep: boolean({ doc: 'Whether to stay up after the three scenarios, until Ctrl-C.', default: false }),
    emitterPostgresBin: optional(
      path({ doc: "A folder with PostgreSQL's initdb and postgres (15 to 18) to use instead of those from npm." }),
    ),
  },
  { summary: 'Plays the three scenarios on this machine: one target, several targets, a list of all.' },
);

const values = configure(config, process);
if (values !== undefined) {
  void main(values.keep, values.emitterPostgresBin);
}

async function main(keep: boolean, postgresBin: string | undefined): Promise<void> {
  const { stdout, stderr, env } = process;
  const live = stdout.isTTY && env.TERM !== 'dumb';
  const colours = live && !env.NO_COLOR;
  const terminal = createTerminal({ write: (text) => void stdout.write(text), colours, live });
  const interruption = listenForInterruption(process);
  try {
    await runDemo({ terminal, keep, signal: interruption.signal, postgresBin });
    // Ctrl-C is how --keep is meant to end.
    process.exitCode = keep ? 0 : (interruption.exitCode() ?? 0);
  } catch (error) {
    if (!interruption.signal.aborted) {
      stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
    }
    process.exitCode = interruption.exitCode() ?? 1;
  }
}
