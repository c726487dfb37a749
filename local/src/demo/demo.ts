import { connectEmitter, measureVisibility, type EmitterClient } from '@emitter/simulator';
import { createTemporaryFolder, type TemporaryFolder } from '../postgres/temporary-folder';
import { designedPorts, startStack, type Stack, type StackStep } from '../stack';
import { explained } from './explained';
import { logTail } from '../stack/log-tail';
import { acquireMore, printSummary } from './figures';
import { printAddresses } from './keep';
import { keepUp, partsOf } from './keep-up';
import { playIndividual, playListAll, playSeveral } from './scenarios';
import type { Terminal } from './terminal';

export interface DemoOptions {
  readonly terminal: Terminal;
  /** Whether to stay up after the story, on the designed ports where they are free, until the signal or until a part cannot be kept up. */
  readonly keep: boolean;
  /** Ends it; what runs is stopped and the folder removed all the same. */
  readonly signal: AbortSignal;
  /** Other PostgreSQL binaries than those npm installed. */
  readonly postgresBin?: string | undefined;
}

/**
 * Starts Emitter in a temporary folder, plays the three scenarios, sums up, and takes everything down again.
 * @throws EmitterError saying what went wrong; the signal's reason when that ended it
 */
export async function runDemo(options: DemoOptions): Promise<void> {
  const { terminal, keep, signal } = options;
  const { style } = terminal;
  terminal.line(
    style.bold('Emitter demo') + style.dim(' · event log: Postgres (embedded) · read model: the same Postgres'),
  );
  terminal.line();
  const folder = await makeFolder();
  let stack: Stack | undefined;
  try {
    stack = await start(options, folder);
    await tellWithLogs(stack, options);
    if (keep) {
      printAddresses(terminal, stack);
      await keepUp(partsOf(stack), terminal, signal);
    }
  } catch (error) {
    throw await explained(error, folder);
  } finally {
    terminal.line();
    await terminal.step(
      'Stopping',
      () => takeDown(stack, folder),
      () => 'Stopped; no process and no file is left',
    );
  }
}

async function makeFolder(): Promise<TemporaryFolder> {
  try {
    return await createTemporaryFolder('emitter-demo-');
  } catch (error) {
    throw await explained(error, undefined);
  }
}

async function takeDown(stack: Stack | undefined, folder: TemporaryFolder): Promise<void> {
  await stack?.stop();
  await folder.remove();
}

async function tellWithLogs(stack: Stack, options: DemoOptions): Promise<void> {
  try {
    await tell(stack, options);
  } catch (error) {
    if (!options.signal.aborted) {
      await printLogs(options.terminal, stack);
    }
    throw error;
  }
}

/** What the services said last, since their logs go with the folder. */
async function printLogs({ line, style }: Terminal, { destroyer, deathstar }: Stack): Promise<void> {
  for (const { name, log } of [destroyer, deathstar]) {
    line();
    line(`The log of ${name} ends with:`);
    line(style.dim(await logTail(log)));
  }
}

/** What each step of the start is called while it goes on, and when it is done. */
const steps: Readonly<Record<StackStep, readonly [string, string]>> = {
  postgres: ['Starting Postgres', 'Postgres runs, with a data folder and a port of its own'],
  roles: ['Making roles', 'Roles: each service may do only what it needs'],
  migrations: ['Making tables', 'Tables made by the migrations'],
  services: ['Starting destroyer and deathstar', 'destroyer and deathstar run, a process each'],
  readiness: ['Waiting for both to be ready', 'Both are ready'],
};

/** Starts the stack, each of its steps shown as one of the story's. */
function start({ terminal, keep, signal, postgresBin }: DemoOptions, folder: TemporaryFolder): Promise<Stack> {
  return startStack({
    dir: folder.path,
    postgresDir: folder.postgres,
    ...(keep ? { preferredPorts: designedPorts } : {}),
    postgresBin,
    signal,
    around: (step, work) => {
      const [doing, done] = steps[step];
      return terminal.step(doing, work, () => done);
    },
  });
}

async function tell({ destroyer }: Stack, { terminal, signal }: DemoOptions): Promise<void> {
  const client = connectEmitter(destroyer.address);
  try {
    const meter = await measureVisibility([client]);
    try {
      const stage = { terminal, client, meter, signal };
      const shown = (await playIndividual(stage)) + (await playSeveral(stage));
      await playListAll(stage);
      const more = await acquireMore(stage);
      const stored = await storedTargets(client, signal);
      printSummary(terminal, { acquired: shown + more, stored, visible: meter.summary() });
    } finally {
      await meter.stop();
    }
  } finally {
    client.close();
  }
}

/** Counts what ListTargets gives, page by page. */
async function storedTargets(client: EmitterClient, signal: AbortSignal): Promise<number> {
  let count = 0;
  for await (const page of client.list({ pageSize: 1_000 }, { signal })) {
    count += page.length;
  }
  return count;
}
