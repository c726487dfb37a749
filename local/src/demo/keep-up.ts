import { setTimeout as sleep } from 'node:timers/promises';
import { EmitterError } from '@emitter/kit';
import type { Stack } from '../stack';
import { logTail } from '../stack/log-tail';
import type { Terminal } from './terminal';

/** A process of the stack that is started again when it ends. */
export interface Part {
  readonly name: string;
  readonly log: string;
  pid(): number | undefined;
  /** Resolves when its process has ended, saying how where that is known. */
  ended(signal: AbortSignal): Promise<string | undefined>;
  start(): Promise<void>;
}

/** How often a part may be started again, and within which time, in milliseconds. */
const [restarts, withinMs] = [5, 60_000] as const;
/** Before the next attempt after a start that failed: what it needs may be starting too. In milliseconds. */
const pauseMs = 1_000;
/** Postgres does not tell of its end; so often we look, in milliseconds. */
const lookMs = 100;

/** The parts of a stack. */
export function partsOf({ destroyer, deathstar, postgres }: Stack): Part[] {
  const services = [destroyer, deathstar].map((service) => ({
    name: service.name,
    log: service.log,
    pid: () => service.pid(),
    ended: async () => {
      const { code, signal } = await service.exit();
      return signal ?? `exit code ${String(code)}`;
    },
    start: () => service.start(),
  }));
  const database: Part = {
    name: 'Postgres',
    log: postgres.log,
    pid: () => postgres.pid(),
    ended: async (signal) => {
      while (postgres.running()) {
        await sleep(lookMs, undefined, { signal });
      }
      return undefined;
    },
    start: () => postgres.start(),
  };
  return [...services, database];
}

/**
 * Starts every part again that ends, and says so, until the signal. No start is under way any more when it settles, so
 * that whoever stops the stack then misses nothing.
 * @throws EmitterError UNAVAILABLE with the end of its log when a part ends again after 5 restarts within a minute
 */
export async function keepUp(
  parts: readonly Part[],
  terminal: Pick<Terminal, 'line'>,
  signal: AbortSignal,
): Promise<void> {
  const giveUp = new AbortController();
  const either = AbortSignal.any([signal, giveUp.signal]);
  const outcomes = await Promise.allSettled(
    parts.map((part) =>
      keepOneUp(part, terminal, either).catch((error: unknown) => {
        giveUp.abort();
        throw error;
      }),
    ),
  );
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined && !signal.aborted) {
    throw failed.reason;
  }
}

async function keepOneUp(part: Part, { line }: Pick<Terminal, 'line'>, signal: AbortSignal): Promise<void> {
  const { name } = part;
  let times: number[] = [];
  let what: string | undefined;
  for (;;) {
    what ??= await endOf(part, signal);
    if (what === undefined || signal.aborted) {
      return;
    }
    const now = performance.now();
    times = times.filter((time) => now - time < withinMs);
    if (times.length >= restarts) {
      throw await givenUp(part, what);
    }
    times.push(now);
    line(`${name} ${what}; starting it again`);
    try {
      await part.start();
      what = undefined;
      line(`${name} runs again${pidOf(part)}`);
    } catch (error) {
      what = `did not start (${firstLine(error)})`;
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** How a part ended: `ended (SIGKILL)`; undefined when the signal came first. */
async function endOf(part: Part, signal: AbortSignal): Promise<string | undefined> {
  const over = new AbortController();
  const aborted = new Promise<undefined>((resolve) => {
    if (signal.aborted) {
      resolve(undefined);
    }
    signal.addEventListener('abort', () => resolve(undefined), { signal: over.signal });
  });
  const ended = part.ended(signal).then(
    (how) => (how === undefined ? 'ended' : `ended (${how})`),
    () => undefined,
  );
  return Promise.race([ended, aborted]).finally(() => over.abort());
}

function pidOf(part: Part): string {
  const pid = part.pid();
  return pid === undefined ? '' : ` (pid ${pid})`;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
}

/** The log goes with the folder, so its end is in the message. */
async function givenUp({ name, log }: Part, what: string): Promise<EmitterError> {
  const said = (await logTail(log)).replaceAll('\n', '\n  ');
  const times = `${restarts} restarts within ${withinMs / 1_000} s`;
  return new EmitterError(
    'UNAVAILABLE',
    `${name} ${what} after ${times}; giving up. Its log, ${log}, ended with:\n  ${said}`,
  );
}
