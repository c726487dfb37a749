import { EmitterError } from '@emitter/kit';
import { newUlid, type NewTarget } from '@emitter/proto';
import {
  individual,
  jsonArray,
  listAll,
  several,
  type Acquired,
  type EmitterClient,
  type VisibilityMeter,
} from '@emitter/simulator';
import { duration, type Terminal } from './terminal';

/** What a scenario needs. */
export interface Stage {
  readonly terminal: Terminal;
  readonly client: EmitterClient;
  readonly meter: VisibilityMeter;
  readonly signal: AbortSignal;
}

const one: NewTarget = { message: 'a small moon, closing in on Yavin 4', criticality: 7, source: 'probe-12' };
const many: readonly NewTarget[] = [
  { message: 'a battle station. That is no moon.', criticality: 10, source: 'falcon' },
  { message: 'a star destroyer leaving hyperspace', criticality: 8, source: 'rogue-1' },
  { message: 'a freighter, unmarked, very fast', criticality: 3, source: 'probe-12' },
  { message: 'an asteroid field near Hoth', criticality: 5, source: 'echo-base' },
  { message: 'dust', criticality: 0, source: '' },
];
/** How long a target may take until it is seen, in milliseconds. */
const visibleWithinMs = 10_000;

/** Scenario (i): one target. Gives the number of targets acquired. */
export async function playIndividual(stage: Stage): Promise<number> {
  title(stage.terminal, '(i) An individual target');
  return acquire(stage, [one], (requestId) => individual(stage.client, one, { requestId, signal: stage.signal }));
}

/** Scenario (ii): several targets, carried as one event. Gives the number of targets acquired. */
export async function playSeveral(stage: Stage): Promise<number> {
  title(stage.terminal, '(ii) Several targets, one event');
  return acquire(stage, many, (requestId) => several(stage.client, many, { requestId, signal: stage.signal }));
}

/** Scenario (iii): everything that is stored, as a JSON array. */
export async function playListAll({ terminal, client, signal }: Stage): Promise<void> {
  title(terminal, '(iii) List all targets');
  const all = await terminal.step(
    'ListTargets: asking the read model',
    () => listAll(client, {}, { signal }),
    (targets) => `ListTargets: ${targets.length} targets from the read model, newest first`,
  );
  let json = '';
  for await (const piece of jsonArray(pageOf(all))) {
    json += piece;
  }
  terminal.line(json.trimEnd());
}

async function* pageOf<T>(items: readonly T[]): AsyncGenerator<readonly T[]> {
  yield await Promise.resolve(items);
}

/** The heading of a part of the story. */
export function title({ line, style }: Pick<Terminal, 'line' | 'style'>, text: string): void {
  line();
  line(style.bold(text));
}

async function acquire(
  { terminal, meter }: Stage,
  targets: readonly NewTarget[],
  send: (requestId: string) => Promise<Acquired>,
): Promise<number> {
  const { style } = terminal;
  for (const { message, criticality } of targets) {
    terminal.line(`  ${style.accent('→')} "${message}"  ${style.dim(`criticality ${criticality}`)}`);
  }
  const requestId = newUlid(Date.now());
  const sentAt = performance.now();
  meter.sent({ requestId, targets }, sentAt);
  const acquired = await terminal.step(
    'AcquireTargets: waiting for the event log',
    () => send(requestId),
    ({ eventId }) => `AcquireTargets: durable as ${eventId}`,
  );
  await terminal.step(
    'WatchTargets: waiting for deathstar to store it',
    async () => {
      if (!(await meter.settled(visibleWithinMs))) {
        throw new EmitterError('UNAVAILABLE', `deathstar has not stored it within ${duration(visibleWithinMs)}`);
      }
    },
    () => `WatchTargets: stored, visible ${duration(performance.now() - sentAt)} after it was sent`,
  );
  return acquired.targets.length;
}
