import {
  createPostgres,
  EmitterError,
  type CredentialSource,
  type Logger,
  type Metrics,
  type PostgresLogin,
} from '@emitter/kit';
import type { EventLog } from './event-log';
import { PostgresEventLog, type Role } from './postgres';

export interface OpenEventLogOptions {
  /** Chooses the log: `postgres://host:port/database`. */
  readonly url: string;
  /** Who to log in as; may change while the log is open. */
  readonly login: CredentialSource<PostgresLogin>;
  /** What this service does with the log: one pool is made for that, and `check` asks for its rights. */
  readonly role: Role;
  /** How the service calls itself to the log; its role unless told. */
  readonly applicationName?: string;
  /** Hears when a subscription becomes active and when it stands by. */
  readonly logger?: Pick<Logger, 'info'>;
  readonly metrics?: Pick<Metrics, 'gauge' | 'histogram'>;
}

/**
 * Opens the event log that the URL names. It need not be there yet: what is asked of it meanwhile is UNAVAILABLE.
 * @throws EmitterError CONFIG_INVALID
 */
export function openEventLog(options: OpenEventLogOptions): EventLog {
  const { url, login, role, applicationName = `emitter ${role}`, logger, metrics } = options;
  if (!/^postgres(ql)?:/.test(url)) {
    throw new EmitterError('CONFIG_INVALID', 'the event log URL must begin with postgres://');
  }
  const postgres = createPostgres({
    url,
    login,
    applicationName,
    maxConnections: connections[role],
    // Published means durable, whatever the database's own setting is. Subscriptions choose otherwise for themselves.
    server: { synchronous_commit: 'on' },
  });
  return new PostgresEventLog({ postgres, role, logger, metrics });
}

/** A publisher appends and checks at once; a subscriber has a session of its own, and reads progress and checks here. */
const connections: Readonly<Record<Role, number>> = { publisher: 3, subscriber: 2, operator: 2 };
