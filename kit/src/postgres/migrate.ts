import type { Logger } from 'pino';
import knex, { type Knex } from 'knex';
import { EmitterError } from '../errors';
import type { PostgresLogin } from './connection';
import { parseDatabaseUrl } from './url';

/** One step of a schema's history: what it adds, and how that is taken back. */
export interface Migration {
  /** Unique, and in order of age: `001-events`. Never changed once released. */
  readonly name: string;
  up(database: Knex): Promise<unknown>;
  down(database: Knex): Promise<unknown>;
}

export interface MigrateOptions {
  readonly url: string;
  /** Whoever may SET ROLE to the owner. */
  readonly login: PostgresLogin;
  /** Where the list of done migrations is kept; made when it is not there. Down leaves it. */
  readonly schema: string;
  /** The group role that comes to own what the migrations make. */
  readonly ownerRole: string;
  /** Every migration there ever was, oldest first. */
  readonly migrations: readonly Migration[];
  /** `up` (unless told): every one not done yet. `down`: the newest one done; `down-all`: every one, newest first. */
  readonly direction?: 'up' | 'down' | 'down-all';
  /** Hears of every migration that has run. */
  readonly logger?: Pick<Logger, 'info'>;
  /** How long to wait while another process migrates. 60 s unless told. */
  readonly lockTimeoutMs?: number;
}

/**
 * Brings a schema up or down. Each migration is one transaction together with its entry in the list of done ones, so
 * a process killed half-way leaves whole steps only. Processes that migrate at once take turns, by an advisory lock
 * that ends with its connection; that is why a lock row which knex finds taken is always stale here.
 * @returns the names of the migrations run
 * @throws EmitterError UNAVAILABLE (another process migrates for too long), DatabaseError, ConnectionFailure
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const { schema, migrations, direction = 'up', logger } = options;
  const database = connect(options);
  const config: Knex.MigratorConfig = {
    tableName: 'migrations',
    schemaName: schema,
    migrationSource: source(migrations),
  };
  const done: string[] = [];
  try {
    await makeSchema(database, schema);
    await database.migrate.forceFreeMigrationsLock(config);
    for (;;) {
      // knex's own "down" deletes the entry in a transaction of its own; one around both keeps them together.
      const names = await database.transaction(async (transaction) => {
        const run = direction === 'up' ? transaction.migrate.up(config) : transaction.migrate.down(config);
        const [, ran] = (await run) as [number, string[]];
        return ran;
      });
      done.push(...names);
      for (const migration of names) {
        logger?.info({ migration, schema }, direction === 'up' ? 'migration done' : 'migration taken back');
      }
      if (names.length === 0 || direction === 'down') {
        return done;
      }
    }
  } finally {
    await database.destroy();
  }
}

function connect({ url, login, ownerRole, schema, lockTimeoutMs = 60_000 }: MigrateOptions): Knex {
  const address = parseDatabaseUrl(url, login.user);
  return knex({
    client: 'pg',
    connection: {
      ...address,
      user: login.user,
      password: login.password ?? '',
      ssl: false,
      application_name: `migrate ${schema}`,
      keepAlive: true,
      options: '-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3',
    },
    // One connection does it all, and every connection begins by taking the role and the lock: should the first be
    // lost and another opened, that one holds the lock too before it does anything.
    pool: {
      min: 0,
      max: 1,
      createTimeoutMillis: lockTimeoutMs + 5_000,
      afterCreate: (connection: PgConnection, done: (error: unknown, connection: PgConnection) => void) => {
        prepare(connection, ownerRole, schema, lockTimeoutMs).then(
          () => done(null, connection),
          (error: unknown) => done(error, connection),
        );
      },
    },
    acquireConnectionTimeout: lockTimeoutMs + 10_000,
    log: { warn: () => undefined, deprecate: () => undefined },
  });
}

interface PgConnection {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

async function prepare(
  connection: PgConnection,
  ownerRole: string,
  schema: string,
  lockTimeoutMs: number,
): Promise<void> {
  await connection.query("select set_config('role', $1, false)", [ownerRole]);
  await connection.query("select set_config('lock_timeout', $1, false)", [String(lockTimeoutMs)]);
  try {
    await connection.query('select pg_advisory_lock(hashtextextended($1, 0))', [`migrate ${schema}`]);
  } catch (error) {
    throw (error as { code?: string }).code === '55P03'
      ? new EmitterError('UNAVAILABLE', `another process has been migrating ${schema} for ${lockTimeoutMs} ms`, {
          cause: error,
        })
      : error;
  }
}

async function makeSchema(database: Knex, schema: string): Promise<void> {
  // "create schema if not exists" asks for the right to create one even when it exists.
  const found: unknown = await database('pg_catalog.pg_namespace').where({ nspname: schema }).first();
  if (found === undefined) {
    await database.schema.createSchema(schema);
  }
}

function source(migrations: readonly Migration[]): Knex.MigrationSource<Migration> {
  return {
    getMigrations: () => Promise.resolve([...migrations]),
    getMigrationName: ({ name }) => name,
    getMigration: (migration) => Promise.resolve(migration),
  };
}
