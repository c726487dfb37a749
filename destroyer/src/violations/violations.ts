import { EmitterError, invalidArgument, type FieldViolation } from '@emitter/kit';

/** So many are listed; a request of a thousand bad targets must not become an answer of a megabyte. */
const MAX_LISTED = 20;

/** Collects what is wrong with a request, so that the caller hears of all of it at once. */
export class Violations {
  readonly #listed: FieldViolation[] = [];
  #unlisted = 0;

  /** Notes that a field (its path in the proto: `targets[3].message`) is not what it must be. */
  add(field: string, description: string): void {
    if (this.#listed.length < MAX_LISTED) {
      this.#listed.push({ field, description });
    } else {
      this.#unlisted++;
    }
  }

  /** The same, when there is a problem. */
  addProblem(field: string, problem: string | undefined): void {
    if (problem !== undefined) {
      this.add(field, problem);
    }
  }

  /** @throws EmitterError INVALID_ARGUMENT when anything was noted. */
  throwIfAny(): void {
    if (this.#listed.length === 0) {
      return;
    }
    const error = invalidArgument(this.#listed);
    throw this.#unlisted === 0
      ? error
      : new EmitterError(error.code, `${error.message}; and ${this.#unlisted} more`, { details: error.details });
  }
}
