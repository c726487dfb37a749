export { deathstarConfig, type DeathstarConfig } from './config';
export { redriveFailedEvents } from './failed-events';
export { migrateConfig, type MigrateConfig } from './migrate';
export { loginsSql, migrateReadModel, rolesSql, type MigrateReadModelOptions } from './read-model';
export { startDeathstar, type DeathstarOptions } from './service';
export { PROJECTION } from './work';
