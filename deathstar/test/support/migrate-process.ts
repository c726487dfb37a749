import { migrateReadModel, type MigrateReadModelOptions } from '../../src/read-model';

/** Runs the migration in a process of its own, to be killed. The argument is its options as JSON. */
void migrateReadModel(JSON.parse(process.argv[2] ?? '') as MigrateReadModelOptions).then(() => process.exit(0));
