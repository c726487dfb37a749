import { fixedCredential } from '@emitter/kit';
import { tcpProxy } from '../../../kit/test/support/tcp-proxy';
import { createTestDatabase, type TestLogin } from '../../../local/src/testing';
import { openEventLog } from '../../src';
import type { LogHarness } from '../../src/conformance';

/** A log in a database of its own, reached through a proxy that can fail. */
export async function postgresHarness(): Promise<LogHarness> {
  const database = await createTestDatabase();
  const proxy = await tcpProxy(database.port);
  const open = (login: TestLogin, role: 'publisher' | 'subscriber') =>
    openEventLog({
      url: `postgres://127.0.0.1:${proxy.port}/${database.name}`,
      login: fixedCredential(database.login(login)),
      role,
    });
  return {
    publisher: () => open('destroyer', 'publisher'),
    subscriber: () => open('deathstar', 'subscriber'),
    cut: () => proxy.cut(),
    outage: (kind) => {
      if (kind === 'gone') {
        proxy.mode('refuse');
        proxy.cut();
      } else {
        // What was swallowed is missing from its stream: such connections are of no use ever after.
        proxy.mode(kind === 'silent' ? 'swallow' : 'pass');
      }
    },
    remove: async () => {
      await proxy.close();
      await database.drop();
    },
  };
}
