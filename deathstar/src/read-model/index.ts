export { loginsSql, rolesSql } from './bootstrap';
export { readModelDependency } from './dependency';
export { openReadModel } from './open';
export { migrateReadModel, type MigrateReadModelOptions } from './migrate';
