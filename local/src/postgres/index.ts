export { freePort, isFree } from './free-port';
export {
  embeddedLogins,
  makeRoles,
  newPasswords,
  setPasswords,
  type EmbeddedLogin,
  type LoginPasswords,
} from './logins';
export { startPostgres, type PostgresOptions, type PostgresServer } from './server';
export { startTemporaryPostgres, type TemporaryPostgres } from './temporary';
export { createTemporaryFolder, type TemporaryFolder } from './temporary-folder';
