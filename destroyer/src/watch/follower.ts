import type { Logger } from '@emitter/kit';
import type { ReadModel } from '../read-model';
import { growing, Pause } from './pause';
import { placeAt, type Place } from './place';
import { readAfter, readHorizon } from './read';
import { Recent } from './recent';
import { Waiting } from './waiting';
import { listenForStored } from './wake-up';

export interface FollowerOptions {
  readonly readModel: Pick<ReadModel, 'query' | 'session'>;
  readonly logger: Logger;
  /** How long the follower sleeps when nothing wakes it, in milliseconds. */
  readonly pollMs: number;
  /** Bytes of recent targets kept for watches that are not quite up to date. */
  readonly maxRecentBytes: number;
}

/** While rows hide behind the horizon, the follower looks again after this, ever later. */
const HIDDEN_MS = { min: 5, max: 50 };
/** After so many looks (75 ms) it asks whether the transaction that hides them is of this database at all. */
const HIDDEN_LOOKS = 4;
/** The same pauses after a failure. */
const FAILURE_MS = { min: 100, max: 2_000 };

/**
 * Reads what becomes visible, once for all watches of this process.
 *
 * States:
 * - starting: asks the horizon, which becomes the tail; then reading.
 * - reading: asks what came after the tail, adds it to the recent stretches, moves the tail and wakes those who
 *   wait. Reads on while something came; then sleeping.
 * - sleeping: a notification of a commit wakes it, else the poll; while rows hide behind a running transaction, a
 *   short pause. Then reading.
 * - failing: the database did not answer. After a growing pause it starts or reads again; watches wait meanwhile and
 *   miss nothing, since the tail stays.
 * - stopped: for ever, from any state, by `stop`.
 */
export class Follower {
  readonly recent: Recent;
  /** Woken whenever the tail has moved. */
  readonly moved = new Waiting();
  readonly #options: FollowerOptions;
  readonly #pause = new Pause();
  readonly #stopListening: () => void;
  #tail: Place | undefined;
  #stopped = false;
  #failures = 0;
  #hiddenFor = 0;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.recent = new Recent(options.maxRecentBytes);
    this.#stopListening = listenForStored(options.readModel, options.logger, () => this.#pause.end());
    void this.#run();
  }

  /** Everything up to here was read; undefined while starting. */
  get tail(): Place | undefined {
    return this.#tail;
  }

  stop(): void {
    this.#stopped = true;
    this.#stopListening();
    this.#pause.end();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        const sleepMs = this.#tail === undefined ? await this.#start() : await this.#readOn(this.#tail);
        this.#failures = 0;
        if (sleepMs > 0) {
          await this.#pause.begin(sleepMs);
        }
      } catch (error) {
        await this.#pause.begin(this.#failed(error));
      }
    }
  }

  async #start(): Promise<number> {
    this.#tail = await readHorizon(this.#options.readModel);
    this.moved.wake();
    return 0;
  }

  /** Answers how long to sleep. */
  async #readOn(from: Place): Promise<number> {
    const { rows, hidden } = await readAfter(this.#options.readModel, from, this.#hiddenFor >= HIDDEN_LOOKS);
    const last = rows.at(-1);
    if (last !== undefined) {
      this.#hiddenFor = 0;
      this.#tail = placeAt(last);
      this.recent.add({ from, to: this.#tail, rows });
      this.moved.wake();
      return 0;
    }
    this.#hiddenFor = hidden ? this.#hiddenFor + 1 : 0;
    return hidden ? growing(HIDDEN_MS, this.#hiddenFor) : this.#options.pollMs;
  }

  #failed(error: unknown): number {
    this.#failures++;
    if (this.#failures === 1) {
      this.#options.logger.warn({ err: error }, 'watches wait: the read model does not answer');
    }
    return growing(FAILURE_MS, this.#failures);
  }
}
