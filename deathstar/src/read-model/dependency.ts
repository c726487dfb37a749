import { join } from 'node:path';
import { probe, sqlFile, unavailable, type Dependency, type Postgres } from '@emitter/kit';

const check = sqlFile(join(__dirname, '../../sql/readiness'), 'check.sql');
/** Readiness must know within two seconds, after several checks, that a database is gone. */
const DEADLINE_MS = 500;

/** The read model as something this service needs: asked as its own role, through the tables it writes. */
export function readModelDependency(postgres: Postgres): Dependency {
  return {
    name: 'read-model',
    kind: 'postgres',
    check: () =>
      probe(async (signal) => {
        try {
          await postgres.query(check, [], { signal, timeoutMs: DEADLINE_MS });
        } catch (error) {
          throw unavailable(error, 'the read model');
        }
      }, DEADLINE_MS),
  };
}
