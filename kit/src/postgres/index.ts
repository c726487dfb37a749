export { byteaArray, int2Array, int4Array, int8Array, jsonbArray, textArray, timestamptzArray } from './arrays';
export { Connection, type PostgresLogin, type QueryOptions } from './connection';
export {
  classify,
  ConnectionFailure,
  isDatabaseError,
  summary,
  toPostgresError,
  unavailable,
  type ConnectionFailureReason,
} from './failure';
export { databaseFields, loginOf, postgresSchemes } from './login';
export { migrate, type MigrateOptions, type Migration } from './migrate';
export { createPostgres, type Postgres, type PostgresOptions } from './postgres';
export type { Session } from './session';
export { kindOfSqlstate, sqlstates, type FailureKind } from './sqlstate';
export { sqlFile, unprepared, type Statement } from './statement';
export type { Transaction } from './transaction';
export { parseDatabaseUrl, type DatabaseAddress } from './url';
