export { loginsSql, rolesSql } from './bootstrap';
export { readModelDependency } from './dependency';
export { migrateReadModel, type MigrateReadModelOptions } from './migrate';
