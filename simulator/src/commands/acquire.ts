import { declareConfig, type ConfigValues, type EmitterError, integer, list, optional, text } from '@emitter/kit';
import { bounds, newUlid } from '@emitter/proto';
import { isNotDestroyer } from '../client';
import { newSeed, seededRandom } from '../random';
import { settle } from '../repeat';
import { eventJson } from '../scenarios';
import type { World } from './world';
import { connectAll, connectionFields } from './connection';
import { isAnswer, notSettled } from './not-settled';
import { writeAll } from './output';

export const acquireConfig = declareConfig(
  'simulator acquire',
  {
    criticality: integer({
      doc: 'How dangerous it is: 0 (noise) to 10 (planet-sized). With several messages, all have it.',
      default: 0,
    }),
    source: text({ doc: 'Who reports it.', default: 'simulator', minLength: 0 }),
    requestId: optional(
      text({ doc: 'ULID that makes it safe to repeat: the same id is stored once. Default: a new one.' }),
    ),
    ...connectionFields,
  },
  {
    summary: 'Acquires a target, or several as one event, and prints the event as JSON.',
    positionals: {
      messages: list(text({ doc: '', placeholder: 'MESSAGE', minLength: 0 }), {
        doc: `What was seen: a message of ${String(bounds.message.max)} characters at most for each target.`,
      }),
    },
    examples: [
      'simulator acquire "an asteroid near Ceres" --criticality 7',
      'simulator acquire "a comet" "another comet" --source probe-12',
    ],
    variablePrefix: 'EMITTER_',
  },
);

/** How long nothing is said while there is no answer, in milliseconds. */
const QUIET_MS = 1_000;

/** `simulator acquire "a message" --criticality 7`: scenarios (i) and (ii) by hand. */
export async function acquire(values: ConfigValues<typeof acquireConfig>, world: World): Promise<number> {
  const { messages, criticality, source, requestId = newUlid(Date.now()), timeout } = values;
  const clients = connectAll(values);
  // Not AbortSignal.timeout: inside AbortSignal.any Node 20 may collect it before it fires.
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), timeout);
  const failures: EmitterError[] = [];
  const notice = setTimeout(() => {
    world.stderr.write(`${noticeText(failures, values.address)}; trying for ${String(timeout / 1_000)} s\n`);
  }, QUIET_MS);
  try {
    const settled = await settle(
      { requestId, targets: messages.map((message) => ({ message, criticality, source })) },
      {
        clients,
        timeoutMs: timeout,
        signal: AbortSignal.any([world.signal, over.signal]),
        random: seededRandom(newSeed()),
        onRetry: (error) => {
          failures.push(error);
          if (isNotDestroyer(error)) {
            over.abort(); // another try gives the same answer
          }
        },
      },
    );
    if (settled.outcome === 'acknowledged') {
      await writeAll(world.stdout, [`${JSON.stringify(eventJson(settled.acquired), undefined, 2)}\n`]);
      return 0;
    }
    if (settled.outcome === 'refused') {
      throw settled.error;
    }
    throw notSettled([...failures, settled.error], {
      requestId,
      timeoutText: connectionFields.timeout.show(timeout),
      interrupted: world.signal.aborted,
    });
  } finally {
    clearTimeout(timer);
    clearTimeout(notice);
    clients.forEach((client) => client.close());
  }
}

function noticeText(failures: readonly EmitterError[], addresses: readonly string[]): string {
  const answer = failures.findLast(isAnswer);
  return answer === undefined
    ? `nobody answers at ${addresses.join(', ')} yet`
    : `not acquired yet (${answer.code}: ${answer.message})`;
}
