import type { LoginPasswords } from '../postgres/logins';

/** The one Postgres that all integration tests share, as the global setup tells it to the test processes. */
export interface TestServer {
  readonly port: number;
  /** Passwords by login, the superuser's (`postgres`) among them. */
  readonly passwords: LoginPasswords & { readonly postgres: string };
}

const variable = 'EMITTER_TEST_POSTGRES';

/** Tells the processes that jest starts later where the server is. */
export function announceTestServer(server: TestServer): void {
  process.env[variable] = JSON.stringify(server);
}

/** The server that the global setup started. */
export function testServer(): TestServer {
  const announced = process.env[variable];
  if (announced === undefined) {
    throw new Error('no test Postgres runs: tests that need one are named *.int.spec.ts and stand in test/');
  }
  return JSON.parse(announced) as TestServer;
}
