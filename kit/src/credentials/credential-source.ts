/** A credential that may change while the service runs. Holders ask for the current one and hear of the next. */
export interface CredentialSource<T> {
  /** The credential to use now. */
  current(): T;
  /** Calls the listener with every later credential; returns what ends that. */
  onChange(listener: (next: T) => void): () => void;
}

/** A credential that never changes: the embedded mode's. */
export function fixedCredential<T>(value: T): CredentialSource<T> {
  return {
    current: () => value,
    onChange: () => () => undefined,
  };
}
