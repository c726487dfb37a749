import { createPostgres, type Postgres, type PostgresOptions } from '@emitter/kit';

/**
 * The read model's database, as deathstar's own login. Stored means durable, whatever the database's own setting is:
 * a batch is acknowledged to the log once it is committed here, and then nobody sends it again.
 */
export function openReadModel(options: Omit<PostgresOptions, 'applicationName' | 'server'>): Postgres {
  return createPostgres({ ...options, applicationName: 'deathstar', server: { synchronous_commit: 'on' } });
}
