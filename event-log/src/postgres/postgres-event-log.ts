import {
  classify,
  EmitterError,
  unavailable,
  type DependencyStatus,
  type Logger,
  type Metrics,
  type Postgres,
} from '@emitter/kit';
import type {
  BatchHandler,
  Checkpoint,
  EventLog,
  OutgoingEvent,
  Position,
  RecordedEvent,
  SubscribeOptions,
  Subscription,
} from '../event-log';
import { checkLog, type Role } from './check';
import { readHistory } from './history';
import { appendMetrics } from './metrics';
import { fromCheckpoint, toCheckpoint } from './position';
import { appendTo, defaultLimits, GroupCommit, type GroupCommitLimits } from './publish';
import { statements } from './statements';
import { PostgresSubscription } from './subscribe';

export interface PostgresEventLogOptions {
  readonly postgres: Postgres;
  readonly role: Role;
  readonly logger?: Pick<Logger, 'info'> | undefined;
  readonly metrics?: Pick<Metrics, 'gauge' | 'histogram'> | undefined;
  readonly limits?: Partial<GroupCommitLimits>;
  /** From 0 up to 1, as Math.random. */
  readonly random?: () => number;
}

/** Half a second: readiness is to know of a failure within two, after several of them. */
const checkTimeoutMs = 500;

/**
 * The event log in a table of Postgres. It owns the `postgres` given, and closes it.
 * See docs/decisions/0002-embedded-log-on-postgres.md.
 */
export class PostgresEventLog implements EventLog {
  readonly kind = 'postgres';
  readonly #postgres: Postgres;
  readonly #role: Role;
  readonly #random: () => number;
  readonly #logger: Pick<Logger, 'info'> | undefined;
  readonly #publisher: GroupCommit;
  readonly #subscriptions = new Set<PostgresSubscription>();

  constructor({ postgres, role, logger, metrics, limits, random = Math.random }: PostgresEventLogOptions) {
    this.#postgres = postgres;
    this.#role = role;
    this.#random = random;
    this.#logger = logger;
    const observe = metrics && role === 'publisher' ? appendMetrics(metrics, () => this.#publisher.waiting) : undefined;
    this.#publisher = new GroupCommit(appendTo(postgres), { ...defaultLimits, ...limits }, observe);
  }

  publish(event: OutgoingEvent, signal?: AbortSignal): Promise<Position> {
    return this.#publisher.publish(event, signal);
  }

  subscribe(name: string, handleBatch: BatchHandler, options: SubscribeOptions): Subscription {
    const subscription = new PostgresSubscription({
      ...options,
      postgres: { query: this.#query, session: (server) => this.#postgres.session(server) },
      name,
      handleBatch,
      random: this.#random,
      onState: (state) => this.#logger?.info({ subscription: name }, `subscription ${state}`),
    });
    this.#subscriptions.add(subscription);
    return subscription;
  }

  async *read(from?: Checkpoint, to?: Checkpoint): AsyncGenerator<RecordedEvent> {
    const after = from === undefined ? '0' : fromCheckpoint(from);
    const upTo = fromCheckpoint(to ?? (await this.head()));
    yield* readHistory({ query: this.#query }, after, upTo);
  }

  async head(): Promise<Checkpoint> {
    const [row] = await this.#query<{ head: string }>(statements.head);
    return toCheckpoint(row?.head ?? '0');
  }

  check(): Promise<DependencyStatus> {
    return checkLog(this.#postgres, this.#role, checkTimeoutMs);
  }

  async close(): Promise<void> {
    await Promise.all([
      this.#publisher.close(),
      ...[...this.#subscriptions].map((subscription) => subscription.close()),
    ]);
    await this.#postgres.close();
  }

  /** The pool's query, its failures as a caller of the port knows them. */
  readonly #query: Postgres['query'] = async <Row>(...asked: Parameters<Postgres['query']>): Promise<Row[]> => {
    try {
      return await this.#postgres.query<Row>(...asked);
    } catch (error) {
      throw classify(error) === 'data'
        ? new EmitterError('INTERNAL', 'the event log failed', { cause: error })
        : unavailable(error, 'the event log');
    }
  };
}
