import { declareConfig, type ConfigValues, integer, list, optional, text } from '@emitter/kit';
import { bounds, newUlid } from '@emitter/proto';
import { newSeed, seededRandom } from '../random';
import { settle } from '../repeat';
import { eventJson } from '../scenarios';
import type { World } from './world';
import { connectAll, connectionFields } from './connection';
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

/** `simulator acquire "a message" --criticality 7`: scenarios (i) and (ii) by hand. */
export async function acquire(values: ConfigValues<typeof acquireConfig>, world: World): Promise<number> {
  const { messages, criticality, source, requestId = newUlid(Date.now()), timeout } = values;
  const clients = connectAll(values);
  // Not AbortSignal.timeout: inside AbortSignal.any Node 20 may collect it before it fires.
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), timeout);
  try {
    const settled = await settle(
      { requestId, targets: messages.map((message) => ({ message, criticality, source })) },
      {
        clients,
        timeoutMs: timeout,
        signal: AbortSignal.any([world.signal, over.signal]),
        random: seededRandom(newSeed()),
      },
    );
    if (settled.outcome === 'acknowledged') {
      await writeAll(world.stdout, [`${JSON.stringify(eventJson(settled.acquired), undefined, 2)}\n`]);
      return 0;
    }
    if (settled.outcome === 'unknown') {
      world.stderr.write(
        `Nobody answered, so it may be stored or not. To settle it, send the same again with --request-id ${requestId}\n`,
      );
    }
    throw settled.error;
  } finally {
    clearTimeout(timer);
    clients.forEach((client) => client.close());
  }
}
