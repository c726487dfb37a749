/** Which messages of one received batch are acknowledged. Shared by the ids of all its messages. */
export class BatchAcks {
  private readonly done: Uint8Array;
  private left: number;

  /** @param unacked the broker's word on what is not acknowledged, 64 to a word; undefined: everything */
  constructor(
    readonly size: number,
    unacked?: readonly bigint[],
  ) {
    this.done = new Uint8Array(size);
    this.left = size;
    if (unacked) {
      for (let i = 0; i < size; i++) {
        if ((((unacked[i >> 6] ?? 0n) >> BigInt(i & 63)) & 1n) === 0n) this.acknowledge(i);
      }
    }
  }

  /** True when every message is acknowledged. */
  get complete(): boolean {
    return this.left === 0;
  }

  has(index: number): boolean {
    return this.done[index] === 1;
  }

  acknowledge(index: number): void {
    if (index < 0 || index >= this.size || this.done[index] === 1) return;
    this.done[index] = 1;
    this.left--;
  }

  /** This message and all before it. */
  acknowledgeUpTo(index: number): void {
    for (let i = 0; i <= index; i++) this.acknowledge(i);
  }

  /** What is not acknowledged, for the broker: signed 64-bit words. */
  toWords(): bigint[] {
    const words = new Array<bigint>(Math.ceil(this.size / 64)).fill(0n);
    for (let i = 0; i < this.size; i++) {
      if (this.done[i] === 0) words[i >> 6] = words[i >> 6]! | (1n << BigInt(i & 63));
    }
    return words.map((word) => BigInt.asIntN(64, word));
  }
}
