/** What a dependency answered when it was asked. */
export interface DependencyStatus {
  readonly up: boolean;
  /** How long the answer took, in milliseconds. */
  readonly latencyMs: number;
  /** Why it is not up, for a person; never a secret. */
  readonly error?: string;
}

/** Something a service cannot work without, and how to ask it. */
export interface Dependency {
  /** What it is to this service: `event-log`, `read-model`. */
  readonly name: string;
  /** What it is made of: `postgres`, `pulsar`. */
  readonly kind: string;
  /** Asks it by a real round trip. Never rejects, and answers within its own deadline. */
  check(): Promise<DependencyStatus>;
}
