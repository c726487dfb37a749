// A service that does what its argument says when it is stopped; the test next to it starts it as a process.
import { runService } from '../../src/lifecycle';
import { createLogger } from '../../src/logging';

const behaviour = process.argv[2];
const logger = createLogger({ service: 'fixture', version: '1', level: 'info' });
// What a real service has: something that keeps the process alive.
const alive = setInterval(() => undefined, 60_000);

const step = (name: string) => {
  logger.info(name);
  return Promise.resolve();
};

void runService({
  logger,
  shutdownTimeoutMs: behaviour === 'stuck' ? 300 : 10_000,
  start: () => {
    if (behaviour === 'rejects') {
      setTimeout(() => void Promise.reject(new TypeError('nobody waits for this')), 10);
    }
    if (behaviour === 'throws') {
      setTimeout(() => {
        throw new TypeError('nobody catches this');
      }, 10);
    }
    return Promise.resolve({
      ports: { api: 1, health: 2, metrics: 3 },
      stopAccepting: () => step('not ready'),
      drain: async () => {
        await step('drain');
        if (behaviour === 'stuck' || behaviour === 'slow') {
          await new Promise(() => undefined);
        }
      },
      close: () => {
        clearInterval(alive);
        return step('close');
      },
      pending: () => ['1 call'],
    });
  },
});
