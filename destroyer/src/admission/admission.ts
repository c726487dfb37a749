import { EmitterError } from '@emitter/kit';

/** Bounds how much of one kind of work is under way: over the bound it is refused at once, never queued. */
export interface Admission {
  /**
   * Takes a place; the function returned gives it back, once.
   * @throws EmitterError OVERLOADED
   */
  enter(): () => void;
  /** Places taken now. */
  readonly size: number;
}

/**
 * @param what for the caller, as in `100 watches are open`
 * @param retryAfterMs when to try again, in milliseconds
 */
export function createAdmission(max: number, what: string, retryAfterMs: number): Admission {
  let size = 0;
  return {
    get size() {
      return size;
    },
    enter() {
      if (size >= max) {
        const message = `${max} ${what}, which is the most that this replica takes`;
        throw new EmitterError('OVERLOADED', message, { details: { retryAfterMs } });
      }
      size++;
      return () => {
        size--;
      };
    },
  };
}
