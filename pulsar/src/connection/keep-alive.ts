/**
 * Notices a peer that is gone without a word. Each interval without a byte from it sends a ping; a second one in a row
 * means it is gone. States: *heard from* → (a silent interval) *asked* → (another) *dead*; any byte leads back.
 */
export class KeepAlive {
  private silent = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(intervalMs: number, ping: () => void, dead: () => void) {
    this.timer = setInterval(() => {
      this.silent++;
      if (this.silent === 2) ping();
      else if (this.silent > 2) dead();
    }, intervalMs);
  }

  /** Something arrived. */
  heard(): void {
    this.silent = 0;
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
