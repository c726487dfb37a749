import type { Stack } from '../stack';
import { designedPorts } from '../stack/ports';
import { printAddresses } from './keep';
import { printSummary } from './figures';
import { createTerminal } from './terminal';

function printed(print: (terminal: ReturnType<typeof createTerminal>) => void): string {
  let text = '';
  print(createTerminal({ write: (piece) => void (text += piece), colours: false, live: false }));
  return text;
}

function stackOn(api: number): Stack {
  const service = (name: string, ports: object): object => ({
    name,
    ports,
    address: `127.0.0.1:${api}`,
    log: '/tmp/log',
    pid: () => 4_711,
  });
  return {
    destroyer: service('destroyer', { ...designedPorts.destroyer, api }),
    deathstar: service('deathstar', designedPorts.deathstar),
    postgres: { port: 5_555, log: '/tmp/postgres.log' },
    database: 'emitter',
  } as unknown as Stack;
}

describe('what --keep prints', () => {
  it('names no address in the commands when destroyer is where they look', () => {
    const text = printed((terminal) => printAddresses(terminal, stackOn(50_051)));
    expect(text).toContain('npm run acquire -- "a message" --criticality 7\n');
    expect(text).toContain('npm run simulator -- watch\n');
    expect(text).toContain('kill -9 4711 ');
    expect(text).not.toContain('is taken');
  });

  it('names it when destroyer is elsewhere, and says why', () => {
    const text = printed((terminal) => printAddresses(terminal, stackOn(40_000)));
    expect(text).toContain('npm run -s list -- --min-criticality 5 --address 127.0.0.1:40000\n');
    expect(text).toContain('Port 50051 is taken');
  });
});

describe('the summary', () => {
  const visible = { count: 1, meanMs: 1, p50Ms: 1, p90Ms: 1, p99Ms: 2.25, maxMs: 3 };

  it('shows acquired, stored, p50 and p99', () => {
    const text = printed((terminal) => printSummary(terminal, { acquired: 206, stored: 206, visible }));
    expect(text).toMatch(/acquired +206 targets/);
    expect(text).toMatch(/stored +206 targets, nothing lost, nothing stored twice/);
    expect(text).toMatch(/acquire → visible +p50 1\.0 ms, p99 2\.3 ms/);
  });

  it('says so when they differ', () => {
    expect(printed((terminal) => printSummary(terminal, { acquired: 2, stored: 1, visible }))).toContain('they differ');
  });
});
