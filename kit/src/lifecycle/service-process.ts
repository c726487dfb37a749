/** The part of Node's `process` that a service's life depends on; a test gives its own. */
export interface ServiceProcess {
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  off(event: string, listener: (...args: unknown[]) => void): unknown;
  exit(code: number): unknown;
  /** Only there when the process was started with an IPC channel. */
  send?:
    | ((message: unknown, handle: undefined, options: undefined, callback: (error: Error | null) => void) => boolean)
    | undefined;
}

/** Exit codes: 0 stopped in order, 1 failed or out of time, 128 + n ended at once by a second signal n. */
export const exitCodes = { stopped: 0, failed: 1, SIGINT: 130, SIGTERM: 143 } as const;

/** The ports a service listens on, by what they answer. */
export type ServicePorts = Readonly<Record<string, number>>;

/** What a service tells the parent that started it with an IPC channel, once it listens. */
export interface ListeningMessage {
  readonly kind: 'listening';
  readonly ports: ServicePorts;
}
