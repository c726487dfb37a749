import type { Logger, Session } from '@emitter/kit';
import { growing, Pause } from './pause';
import type { ReadModel } from '../read-model';

/** What deathstar notifies when it has stored something; the payload is empty. */
const CHANNEL = 'emitter_targets_stored';
/** After a lost connection: the first and the longest pause, in milliseconds. */
const RETRY_MS = { min: 100, max: 5_000 };
/** How often to look whether the login has changed, in milliseconds. */
const LOGIN_MS = 10_000;

/**
 * Calls `wake` when targets were stored, and whenever notifications may have been missed. Best effort: who is woken
 * polls as well, only less often.
 * @returns what ends it
 */
export function listenForStored(readModel: Pick<ReadModel, 'session'>, logger: Logger, wake: () => void): () => void {
  const pause = new Pause();
  let stopped = false;
  let session: Session | undefined;
  void run();
  return () => {
    stopped = true;
    session?.destroy();
    pause.end();
  };

  async function run(): Promise<void> {
    let failures = 0;
    while (!stopped) {
      try {
        session = await readModel.session();
        await session.listen(CHANNEL, wake);
        failures = 0;
        wake();
        await ended(session);
      } catch (error) {
        failures++;
        if (failures === 1) {
          logger.warn({ err: error }, 'watches poll: notifications of the read model cannot be had');
        }
      } finally {
        session?.destroy();
        session = undefined;
      }
      await pause.begin(growing(RETRY_MS, Math.max(1, failures)));
    }
  }

  /** Resolves when the session has ended, was stopped, or is to be opened anew. */
  async function ended(current: Session): Promise<void> {
    if (stopped) {
      return;
    }
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      current.onEnd(() => resolve());
      timer = setInterval(() => {
        if (current.outdated()) {
          resolve();
        }
      }, LOGIN_MS);
    });
    clearInterval(timer);
  }
}
