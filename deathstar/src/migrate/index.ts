export { migrateConfig, type MigrateConfig } from './config';
