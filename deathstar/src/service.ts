import { serve, service, type Serving } from '@emitter/kit';
import { DeathstarService } from '@emitter/proto';
import { readModelDependency } from './read-model';
import { startWork, type WorkOptions } from './work';

/** What the service is made of. From a start that succeeded on, the service closes `eventLog` and `postgres` itself. */
export interface DeathstarOptions extends WorkOptions {
  readonly version: string;
}

/**
 * Starts deathstar: its servers first, so that a port that is taken is known before any work begins. Neither the event
 * log nor the read model need be there: until they are, it is not ready, and begins by itself when they come.
 * @throws EmitterError CONFIG_INVALID when a port cannot be had; nothing is left open then
 */
export async function startDeathstar(options: DeathstarOptions): Promise<Serving> {
  const { config, version, eventLog, postgres, logger, metrics, now = Date.now } = options;
  const serving = await serve({
    name: 'deathstar',
    version,
    config,
    dependencies: [
      { name: 'event-log', kind: eventLog.kind, check: () => eventLog.check() },
      readModelDependency(postgres),
    ],
    services: (health) => [service(DeathstarService, { getProjection: () => work.status(), ...health })],
    startedOn: new Date(now()),
    logger,
    metrics,
  });
  const work = startWork(options);
  return {
    ...serving,
    drain: async () => {
      await Promise.all([work.close(), serving.drain()]);
    },
    close: async () => {
      await Promise.all([serving.close(), eventLog.close(), postgres.close()]);
    },
    pending: () => work.pending(),
  };
}
