import {
  classify,
  probe,
  unavailable,
  unprepared,
  type Dependency,
  type Postgres,
  type Session,
  type Statement,
} from '@emitter/kit';

/** What destroyer asks of the read model: it only ever reads, and only the views of the schema `query`. */
export interface ReadModel extends Dependency {
  /** @throws EmitterError UNAVAILABLE when the database does not answer or is not set up */
  query<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
  /** A connection of one's own, for notifications. */
  session(): Promise<Session>;
}

const NAME = 'read-model';
/** Asks for what a list asks for, as the same role: a missing view or right is found before a caller finds it. */
const look = unprepared('select id, updated_on, stored_in from query.targets limit 1');

/** @param checkMs how long a check waits for the database, in milliseconds */
export function createReadModel(postgres: Postgres, checkMs: number): ReadModel {
  return {
    name: NAME,
    kind: 'postgres',
    check: () => probe((signal) => postgres.query(look, [], { signal, timeoutMs: checkMs }).catch(rethrow), checkMs),
    query: <Row>(statement: Statement, values: readonly unknown[]) =>
      postgres.query<Row>(statement, values).catch(rethrow),
    session: () => postgres.session(),
  };
}

function rethrow(error: unknown): never {
  throw classify(error) === 'data' ? error : unavailable(error, 'the read model');
}
