/** What of a stream's requests is without a reply, so that reading can wait while it is too much. */
export class Unanswered {
  #count = 0;
  #bytes = 0;
  #waiting: { readonly until: () => boolean; readonly resolve: () => void } | undefined;

  constructor(
    private readonly maxCount: number,
    private readonly maxBytes: number,
  ) {}

  /** Counts a request until its work has settled; the work must not reject. */
  add(bytes: number, work: Promise<void>): void {
    this.#count++;
    this.#bytes += bytes;
    void work.then(() => {
      this.#count--;
      this.#bytes -= bytes;
      if (this.#waiting?.until() === true) {
        this.#waiting.resolve();
        this.#waiting = undefined;
      }
    });
  }

  /** Resolves when another request may be read. */
  room(): Promise<void> {
    return this.#wait(() => this.#count < this.maxCount && this.#bytes < this.maxBytes);
  }

  /** Resolves when everything is answered. */
  none(): Promise<void> {
    return this.#wait(() => this.#count === 0);
  }

  #wait(until: () => boolean): Promise<void> {
    return until()
      ? Promise.resolve()
      : new Promise((resolve) => {
          this.#waiting = { until, resolve };
        });
  }
}
