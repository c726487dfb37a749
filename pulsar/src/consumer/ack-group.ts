import type { Connection } from '../connection/connection';
import { PulsarError } from '../errors';
import * as c from '../wire/commands';

const INDIVIDUAL = 0;
const CUMULATIVE = 1;
const MAX_GROUP = 1_000;

interface Waiting {
  resolve: () => void;
  reject: (error: PulsarError) => void;
}
interface Group {
  ids: c.MessageIdData[];
  cumulative: c.MessageIdData | undefined;
  waiting: Waiting[];
}

/**
 * Collects the acknowledgements of one partition and sends them together.
 *
 * An acknowledgement is *collected* → (the group is full, its time over, or `flush`) *sent*. Without receipts that is
 * its end. With receipts it is kept until the broker confirms it, and collected again when the connection is lost first.
 * While not attached everything stays collected, and goes out before anything else once attached.
 */
export class AckGroup {
  private group: Group = empty();
  private timer: NodeJS.Timeout | undefined;
  private readonly unconfirmed = new Set<Promise<void>>();

  constructor(
    private readonly consumerId: number,
    private readonly groupMs: number,
    private readonly receipts: boolean,
    private readonly connection: () => Connection | undefined,
  ) {}

  /** Resolves at once, or with receipts: when the broker has confirmed it. */
  add(id: c.MessageIdData, cumulative: boolean): Promise<void> {
    if (cumulative) this.group.cumulative = id;
    else this.group.ids.push(id);
    const done = this.receipts
      ? new Promise<void>((resolve, reject) => this.group.waiting.push({ resolve, reject }))
      : Promise.resolve();
    if (this.groupMs === 0 || this.group.ids.length >= MAX_GROUP) this.send();
    else this.timer ??= setTimeout(() => this.send(), this.groupMs);
    return done;
  }

  /** Sends what is collected and waits for the receipts, if any. */
  async flush(): Promise<void> {
    this.send();
    await Promise.all(this.unconfirmed);
  }

  /** Sends what is collected, if attached. */
  send(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const connection = this.connection();
    if (!connection || (this.group.ids.length === 0 && !this.group.cumulative)) return;
    const { group } = this;
    this.group = empty();
    const parts: [number, c.MessageIdData[]][] = [];
    if (group.cumulative) parts.push([CUMULATIVE, [group.cumulative]]);
    if (group.ids.length > 0) parts.push([INDIVIDUAL, group.ids]);
    const sent = parts.map(async ([type, messageIds]) => this.transmit(connection, type, messageIds));
    if (!this.receipts) return;
    const confirmed = Promise.all(sent).then(
      () => group.waiting.forEach(({ resolve }) => resolve()),
      (error: unknown) => this.retry(group, PulsarError.from(error, 'BROKER_ERROR')),
    );
    this.unconfirmed.add(confirmed);
    void confirmed.finally(() => this.unconfirmed.delete(confirmed));
  }

  /** Forgets what is collected: the position was moved on purpose, or nobody is left to tell. */
  drop(error: PulsarError): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { waiting } = this.group;
    this.group = empty();
    for (const { reject } of waiting) reject(error);
  }

  private transmit(connection: Connection, type: number, messageIds: c.MessageIdData[]): Promise<unknown> | undefined {
    const { consumerId } = this;
    if (this.receipts) {
      return connection.request(c.Type.ACK, 'acknowledgement', c.Ack, (requestId) => ({
        consumerId,
        type,
        messageIds,
        requestId,
      }));
    }
    connection.send(c.Type.ACK, c.Ack, { consumerId, type, messageIds });
    return undefined;
  }

  private retry(lost: Group, error: PulsarError): void {
    if (!error.retryable) {
      for (const { reject } of lost.waiting) reject(error);
      return;
    }
    this.group = {
      ids: [...lost.ids, ...this.group.ids],
      cumulative: this.group.cumulative ?? lost.cumulative,
      waiting: [...lost.waiting, ...this.group.waiting],
    };
    this.timer ??= setTimeout(() => this.send(), Math.max(this.groupMs, 10));
  }
}

function empty(): Group {
  return { ids: [], cumulative: undefined, waiting: [] };
}
