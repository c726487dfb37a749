/** A google.protobuf.Duration. */
export interface Duration {
  seconds: bigint;
  nanos: number;
}

/** Milliseconds as a google.protobuf.Duration, to the microsecond. */
export function toDuration(milliseconds: number): Duration {
  const micros = Math.round(milliseconds * 1_000);
  return { seconds: BigInt(Math.trunc(micros / 1_000_000)), nanos: (micros % 1_000_000) * 1_000 };
}

/** A google.protobuf.Duration in milliseconds. */
export function fromDuration({ seconds, nanos }: Duration): number {
  return Number(seconds) * 1_000 + nanos / 1_000_000;
}
