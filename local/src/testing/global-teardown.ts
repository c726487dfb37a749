import type { TemporaryPostgres } from '../postgres';

declare global {
  // The only way from jest's global set-up to its teardown.
  var emitterTestPostgres: TemporaryPostgres | undefined;
}

/** Stops the Postgres that the global setup started and removes its folder. */
export default async function globalTeardown(): Promise<void> {
  await globalThis.emitterTestPostgres?.remove();
}
