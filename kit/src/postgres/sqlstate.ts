/**
 * What a failure of the database says about the work that met it.
 *
 * - `transient`: the same work may succeed in a moment. Back off and repeat; never count it against the work.
 * - `environment`: the database is not as it must be (rights, schema, disk). An operator mends it; repeat for ever,
 *   more slowly, and never count it against the work.
 * - `data`: the work itself cannot succeed. Repeating it is of no use.
 */
export type FailureKind = 'transient' | 'environment' | 'data';

/**
 * SQLSTATE classes (first two characters) and single codes, from PostgreSQL's appendix A. A code's own row goes
 * before its class's; what stands in neither is `data`.
 */
export const sqlstates: Readonly<Record<string, FailureKind>> = {
  // Connection exceptions; protocol violation is one of them, and a new connection mends that too.
  '08': 'transient',
  // Transaction rollback: serialisation failure, deadlock, statement completion unknown.
  '40': 'transient',
  // Integrity constraint checked at commit: the work's own fault.
  '40002': 'data',
  // Insufficient resources: memory, too many connections. They come back.
  '53': 'transient',
  // Disk full does not mend itself.
  '53100': 'environment',
  // Operator intervention: shutdown, crash of another backend, starting up, query cancelled, idle session ended.
  '57': 'transient',
  // Database dropped.
  '57P04': 'environment',
  // Object not in prerequisite state: in use, lock not available.
  '55006': 'transient',
  '55P03': 'transient',
  // In a failed, idle or too long transaction: ours was ended for us.
  '25P02': 'transient',
  '25P03': 'transient',
  '25P04': 'transient',
  // Read only: a standby, or a failover under way that has not reached us.
  '25006': 'environment',
  // Prepared statement of that name unknown: a pooler between gave us another's connection.
  '26000': 'transient',
  // Invalid authorisation and role.
  '28': 'environment',
  '0L': 'environment',
  '0P': 'environment',
  // No such database, no such schema.
  '3D': 'environment',
  '3F': 'environment',
  // Insufficient privilege, undefined table, column or function, syntax, types: migrations have not run, or not as our
  // role, or the statement is wrong. Never the fault of the data it was given.
  '42': 'environment',
  // Operating system: I/O error, missing or duplicate file. The machine's.
  '58': 'environment',
  // The server's configuration file.
  F0: 'environment',
  // Corruption of data or index.
  XX001: 'environment',
  XX002: 'environment',
};

/** The kind of failure that an SQLSTATE stands for. */
export function kindOfSqlstate(sqlstate: string): FailureKind {
  return sqlstates[sqlstate] ?? sqlstates[sqlstate.slice(0, 2)] ?? 'data';
}
