import type { Client } from 'pg';
import { copyIn } from './copy-in';
import { rowColumns } from './rows';

/**
 * Makes an empty logged table with the columns, checks, defaults and indexes of the read model's, partitioned as
 * it is, with one partition for everything.
 */
export async function createCopyTable(client: Client): Promise<void> {
  await client.query('create schema if not exists bench');
  await client.query('drop table if exists bench.targets');
  await client.query('create table bench.targets (like projection.targets including all) partition by range (id)');
  await client.query(
    'create table bench.targets_all partition of bench.targets for values from (minvalue) to (maxvalue)',
  );
}

/** One COPY stream of the rows into a table; resolves to the time it took, in milliseconds. */
export async function timedCopy(client: Client, table: string, chunks: Iterable<Buffer>): Promise<number> {
  const started = performance.now();
  await copyIn(client, `copy ${table} (${rowColumns}) from stdin`, chunks);
  return performance.now() - started;
}

/** Rows in a table. */
export async function countRows(client: Client, table: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(`select count(*) from ${table}`);
  return Number(rows[0]?.count);
}
