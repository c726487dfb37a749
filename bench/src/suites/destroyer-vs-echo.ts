import { median } from '../median';
import { startEchoServer, type LoadJob } from '../processes';
import { messageBytes } from '../scale';
import { pidOf } from '../stack';
import { loadRound, type LoadRound } from './load-round';
import { bounds, type Suite } from './suite';

const CONCURRENCY = 64;

/** Durable acquire calls for each CPU-second of destroyer, beside a bare grpc-js server with the same messages. */
export const destroyerVsEcho: Suite = {
  name: 'destroyer-vs-echo',
  summary: 'acquire calls per CPU-second of the server process, beside a bare grpc-js echo',
  async run({ stack, generator, scale, say }) {
    const echo = await startEchoServer();
    try {
      const job = (address: string, durationMs: number, seed: number): LoadJob => ({
        kind: 'load',
        addresses: [address],
        concurrency: CONCURRENCY,
        durationMs,
        messageBytes,
        seed,
        visibility: false,
      });
      for (const address of [echo.address, stack.destroyer.address]) {
        await generator.run(job(address, scale.warmUpMs, 0));
      }
      const rounds: { echo: LoadRound; destroyer: LoadRound }[] = [];
      for (let round = 1; round <= scale.rounds; round++) {
        say(`round ${String(round)} of ${String(scale.rounds)}`);
        rounds.push({
          echo: await loadRound(generator, echo.pid, job(echo.address, scale.roundMs, round)),
          destroyer: await loadRound(
            generator,
            pidOf(stack.destroyer),
            job(stack.destroyer.address, scale.roundMs, round),
          ),
        });
        await stack.caughtUp();
      }
      const perCpu = (side: 'echo' | 'destroyer') => median(rounds.map((round) => round[side].callsPerCpuSecond));
      const perSecond = median(rounds.map(({ destroyer }) => destroyer.callsPerSecond));
      const ratio = perCpu('destroyer') / perCpu('echo');
      return {
        ratios: { embedded_destroyer_vs_echo: ratio },
        figures: [
          { what: 'echo: calls per CPU-second', value: perCpu('echo'), unit: '/s' },
          { what: 'destroyer: durable calls per CPU-second', value: perCpu('destroyer'), unit: '/s' },
          { what: 'destroyer: durable calls per second', value: perSecond, unit: '/s' },
          { what: 'embedded_destroyer_vs_echo', value: ratio, unit: '×', bound: bounds.embedded_destroyer_vs_echo },
        ],
        settings: { concurrency: CONCURRENCY, targetsPerCall: 1, messageBytes, alternating: true, statistic: 'median' },
        raw: rounds,
      };
    } finally {
      await echo.stop();
    }
  },
};
