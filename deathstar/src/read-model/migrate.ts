import { migrate, silentLogger, type MigrateOptions } from '@emitter/kit';
import { migrations } from './migrations';

/** Where the read model is and who may change its tables. */
export interface MigrateReadModelOptions extends Pick<MigrateOptions, 'login' | 'lockTimeoutMs'> {
  /** `postgres://host:port/database`, without a password. */
  readonly url: string;
  /** `up` (unless told) brings it to the newest version, `down` takes the newest one back, `down-all` everything. */
  readonly direction?: MigrateOptions['direction'];
  /** Hears of each migration; nobody unless told. */
  readonly logger?: MigrateOptions['logger'];
}

/**
 * Brings the read model's schemas `projection` and `query` up or down, as the role `emitter_owner`, of which the login
 * must be a member. Several processes may do so at once: they take turns.
 * @returns the names of the migrations run
 * @throws as kit's `migrate`
 */
export function migrateReadModel(options: MigrateReadModelOptions): Promise<string[]> {
  const { direction = 'up', logger = silentLogger(), ...where } = options;
  return migrate({ ...where, direction, logger, schema: 'projection', ownerRole: 'emitter_owner', migrations });
}
