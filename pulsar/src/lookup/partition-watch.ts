import type { ClientContext } from '../client-context';

/** Asks from time to time whether a topic has got more partitions. A question that fails is asked again next time. */
export class PartitionWatch {
  private readonly timer: NodeJS.Timeout;
  private asking = false;

  constructor(
    context: Pick<ClientContext, 'lookup' | 'partitionsUpdateMs'>,
    topic: string,
    private known: number,
    onMore: (count: number) => Promise<void>,
  ) {
    this.timer = setInterval(() => {
      if (this.asking) return;
      this.asking = true;
      void context.lookup
        .partitions(topic)
        .then(async (count) => {
          if (count <= this.known) return;
          await onMore(count);
          this.known = count;
        })
        .catch(() => undefined)
        .finally(() => (this.asking = false));
    }, context.partitionsUpdateMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
