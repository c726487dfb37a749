import type { Connection, QueryOptions } from './connection';
import { unprepared, type Statement } from './statement';

/** Statements that take effect together or not at all. Of no use after the work given to `transaction` has settled. */
export interface Transaction {
  query<Row>(statement: Statement, values?: readonly unknown[], options?: QueryOptions): Promise<Row[]>;
}

const begin = unprepared('begin');
const commit = unprepared('commit');
const rollback = unprepared('rollback');

/**
 * Runs the work between BEGIN and COMMIT, and rolls back when it rejects. When COMMIT itself loses the connection the
 * outcome is unknown: the work must bear being repeated.
 */
export async function inTransaction<T>(
  connection: Connection,
  work: (transaction: Transaction) => Promise<T>,
  options: QueryOptions,
): Promise<T> {
  let over = false;
  const transaction: Transaction = {
    query: <Row>(statement: Statement, values?: readonly unknown[], own?: QueryOptions) => {
      if (over) {
        return Promise.reject(new Error('a transaction was used after its end'));
      }
      return connection.query<Row>(statement, values, { ...options, ...own });
    },
  };
  try {
    await connection.query(begin, undefined, options);
    const result = await work(transaction);
    over = true;
    await connection.query(commit, undefined, options);
    return result;
  } catch (error) {
    over = true;
    // The connection goes back to the pool only when it is known to be outside any transaction.
    await connection.query(rollback).catch((failure: unknown) => connection.destroy(failure as Error));
    throw error;
  }
}
