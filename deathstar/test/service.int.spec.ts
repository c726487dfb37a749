import { openEventLog, type EventLog } from '@emitter/event-log';
import {
  callUnary,
  connect as connectTo,
  createMetrics,
  createPostgres,
  fixedCredential,
  loadConfig,
  silentLogger,
} from '@emitter/kit';
import { createTestDatabase, type TestDatabase } from '@emitter/local';
import {
  contentHash,
  DeathstarClient,
  DependencyStatus,
  encodeTargetsAcquired,
  HealthClient,
  HealthCheckResponse_ServingStatus as Serving,
  newUlid,
  targetsAcquired,
} from '@emitter/proto';
import { deathstarConfig, migrateReadModel, startDeathstar, type DeathstarConfig } from '../src';
import { until } from './support/until';

const said = [{ message: 'seen', criticality: 1, source: '' }];

function settingsUnlessTold(): DeathstarConfig {
  const loaded = loadConfig(deathstarConfig, { argv: [], env: {}, readFile: () => '' });
  if (loaded.kind !== 'values') {
    throw new Error('no values');
  }
  return loaded.values;
}

describe('deathstar', () => {
  let database: TestDatabase;
  const stops: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) {
      await stop();
    }
    await database.drop();
  });

  const url = () => `postgres://127.0.0.1:${database.port}/${database.name}`;

  async function start(settings: Partial<DeathstarConfig> = {}, port = database.port) {
    const defaults = settingsUnlessTold();
    const where = {
      url: url().replace(String(database.port), String(port)),
      login: fixedCredential(database.login('deathstar')),
    };
    const metrics = createMetrics('deathstar', { processMetrics: false });
    const deathstar = await startDeathstar({
      config: {
        ...defaults,
        port: 0,
        healthPort: 0,
        metricsPort: 0,
        shutdownTimeout: 5_000,
        retryInterval: 20,
        firstRetry: 1,
        ...settings,
      },
      version: '1.2.3',
      eventLog: openEventLog({ ...where, role: 'subscriber' }),
      postgres: createPostgres({ ...where, applicationName: 'deathstar', maxConnections: 4 }),
      logger: silentLogger(),
      metrics,
    });
    let stopped = false;
    const stop = async () => {
      if (!stopped) {
        stopped = true;
        await deathstar.stopAccepting();
        await deathstar.drain();
        await deathstar.close();
      }
    };
    stops.push(stop);
    const client = connectTo(DeathstarClient, `127.0.0.1:${deathstar.ports.api}`);
    stops.push(() => {
      client.close();
      return Promise.resolve();
    });
    const projection = () => callUnary(client, DeathstarClient.service.getProjection, {}, { timeoutMs: 5_000 });
    const readiness = () => callUnary(client, DeathstarClient.service.checkReadiness, {}, { timeoutMs: 5_000 });
    return { deathstar, client, metrics, projection, readiness, stop };
  }

  function publisher(): EventLog {
    const log = openEventLog({ url: url(), login: fixedCredential(database.login('destroyer')), role: 'publisher' });
    stops.push(() => log.close());
    return log;
  }

  async function publish(log: EventLog, count = 1, payload?: Uint8Array): Promise<void> {
    await Promise.all(
      Array.from({ length: count }, () => {
        const id = newUlid(Date.now());
        return log.publish({
          id,
          contentHash: contentHash(said),
          payload: payload ?? encodeTargetsAcquired(targetsAcquired(id, said)),
          attributes: { ce_id: id },
        });
      }),
    );
  }

  const stored = async () =>
    Number((await database.query<{ n: string }>('select count(*) as n from query.targets'))[0]?.n);

  it('projects what is published and says how far it is', async () => {
    database = await createTestDatabase();
    const log = publisher();
    await publish(log, 20);
    const { projection, readiness, deathstar, metrics } = await start();
    await until(async () => (await readiness()).ready, 'ready');
    await until(async () => (await stored()) === 20, 'all stored');
    await publish(log, 1, Buffer.from('poison'));
    await publish(log, 5);
    await until(async () => (await projection()).parkedEvents === 1n, 'the poison parked');
    await until(async () => (await projection()).lagEvents === 0n, 'everything acknowledged');
    expect(await stored()).toBe(25);
    expect(await projection()).toMatchObject({
      name: 'targets',
      lagEvents: 0n,
      parkedEvents: 1n,
      retryingEvents: 0n,
      active: true,
      lastCommittedOn: expect.any(Date) as Date,
    });
    const { checkpoint, head } = await projection();
    expect(checkpoint).toBe(head);

    expect((await readiness()).dependencies.map(({ name, kind, status }) => [name, kind, status])).toEqual([
      ['event-log', 'postgres', DependencyStatus.DEPENDENCY_STATUS_UP],
      ['read-model', 'postgres', DependencyStatus.DEPENDENCY_STATUS_UP],
    ]);
    const health = connectTo(HealthClient, `127.0.0.1:${deathstar.ports.health}`);
    const answer = await callUnary(health, HealthClient.service.check, { service: 'readiness' }, { timeoutMs: 5_000 });
    expect(answer.status).toBe(Serving.SERVING);
    health.close();
    const scrape = await fetch(`http://127.0.0.1:${deathstar.ports.metrics}/metrics`);
    expect(await scrape.text()).toContain('emitter_targets_stored_total{service="deathstar"} 25');
    expect(metrics.registry.getSingleMetric('emitter_projection_lag_events')).toBeDefined();
  });

  it('goes on where it was after a restart, and two instances share the work', async () => {
    database = await createTestDatabase();
    const log = publisher();
    const first = await start();
    await publish(log, 50);
    await until(async () => (await stored()) === 50, 'the first 50');
    const second = await start();
    await first.stop();
    await publish(log, 50);
    await until(async () => (await stored()) === 100, 'the next 50, by the other instance');
    await until(async () => (await second.projection()).active, 'the other one is active');
    await second.stop();
    await publish(log, 50);
    const third = await start();
    await until(async () => (await stored()) === 150, 'the last 50');
    await until(async () => (await third.projection()).lagEvents === 0n, 'acknowledged');
    expect(await stored()).toBe(150);
  });

  it('loses and doubles nothing when it is closed while busy', async () => {
    database = await createTestDatabase();
    const log = publisher();
    await publish(log, 300);
    for (let round = 0; round < 4; round++) {
      const { stop } = await start({ maxBatchEvents: 16 });
      const target = Math.min(300, (await stored()) + 40);
      await until(async () => (await stored()) >= target, 'some progress');
      await stop();
    }
    const { projection } = await start();
    await until(async () => (await projection()).lagEvents === 0n, 'acknowledged');
    expect(await stored()).toBe(300);
    expect((await projection()).parkedEvents).toBe(0n);
  });

  it('starts before the migrations have run, says so, and begins by itself', async () => {
    database = await createTestDatabase({ migrated: false });
    const { readiness, projection } = await start();
    await until(
      async () =>
        (await readiness()).dependencies.every(({ status }) => status === DependencyStatus.DEPENDENCY_STATUS_DOWN),
      'both known to be down',
    );
    const before = await readiness();
    expect(before.ready).toBe(false);
    expect(before.dependencies[1]?.lastError).toContain('migrations have not run');
    await expect(projection()).rejects.toMatchObject({ code: 'UNAVAILABLE' });

    const { migrateEventLog } = await import('@emitter/event-log');
    await migrateEventLog({
      url: url(),
      login: database.login('emitter_migrator'),
      direction: 'up',
      logger: silentLogger(),
    });
    await migrateReadModel({ url: url(), login: database.login('emitter_migrator') });
    await until(async () => (await readiness()).ready, 'ready');
    await publish(publisher(), 3);
    await until(async () => (await stored()) === 3, 'all stored', 20_000);
  });

  it('starts before the database is there', async () => {
    database = await createTestDatabase();
    // Nobody listens there.
    const { readiness, projection } = await start({}, 1);
    await until(async () => (await readiness()).reason.includes('read-model is down'), 'known to be down');
    expect((await readiness()).reason).toMatch(
      /event-log is down.*read-model is down: the read model cannot be reached/,
    );
    await expect(projection()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('leaves nothing open when a port is taken', async () => {
    database = await createTestDatabase();
    const { deathstar } = await start();
    await expect(start({ port: deathstar.ports.api })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('keeps to its settings: retention, attempts, reflection off', async () => {
    database = await createTestDatabase();
    const log = publisher();
    const day = 24 * 3_600_000;
    const old = newUlid(Date.now() - 10 * day);
    await log.publish({
      id: old,
      contentHash: contentHash(said),
      payload: encodeTargetsAcquired(targetsAcquired(old, said)),
      attributes: {},
    });
    await publish(log, 1, Buffer.from('poison'));
    await database.query("select projection.ensure_partitions(now() - interval '90 days', now() - interval '90 days')");
    const partitions = () => database.query("select from pg_inherits where inhparent = 'projection.targets'::regclass");
    const { projection, deathstar, stop } = await start({ retention: 5 * day, maxAttempts: 1, reflection: false });
    await until(async () => (await partitions()).length === 4, 'the month past retention dropped, four made');
    await until(async () => (await projection()).parkedEvents === 1n, 'parked at its first attempt');
    expect(await stored()).toBe(0);
    const scrape = await (await fetch(`http://127.0.0.1:${deathstar.ports.metrics}/metrics`)).text();
    expect(scrape).toContain('emitter_events_expired_total{service="deathstar"} 1');
    expect(scrape).toMatch(/emitter_events_parked_total\{[^}]*reason="PAYLOAD_INVALID"[^}]*\} 1/);
    expect(deathstar.pending?.()).toEqual(['the batch or the retry under way']);
    await stop();
    expect(deathstar.pending?.()).toEqual([]);
  });
});
