import { encodeTargetsAcquired, targetsAcquired } from '@emitter/proto';
import { oneTargetEvents, rowChunks } from './database/rows';
import { processUsage } from './host';
import { cpuSecondsOf } from './host/process-usage';
import { median } from './median';
import { messageBytes } from './scale';

describe('what is measured with', () => {
  it('takes the middle', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([2, 2.5, NaN]);
  });

  it('reads CPU time whatever the name of the process', () => {
    const after = 'S 1 1 1 0 -1 4194560 0 0 0 0 250 50 0 0 20 0 1 0 100';
    expect(cpuSecondsOf(`42 (node) ${after}`)).toBe(3);
    expect(cpuSecondsOf(`42 (a) b (c)) ${after}`)).toBe(3);
  });

  it('makes events of 1 KB', () => {
    const sizes = [...oneTargetEvents(50, 1, messageBytes)].map(
      ({ id, target }) => encodeTargetsAcquired(targetsAcquired(id, [target])).length,
    );
    expect(Math.min(...sizes)).toBeGreaterThan(1_020);
    expect(Math.max(...sizes)).toBeLessThan(1_028);
  });

  it('makes a line of COPY text for each event, with nothing that needs escaping', () => {
    const text = Buffer.concat([...rowChunks(oneTargetEvents(200, 1))]).toString();
    const lines = text.trimEnd().split('\n');
    expect(lines).toHaveLength(200);
    for (const line of lines) {
      expect(line.split('\t')).toHaveLength(7);
      expect(line.replace(/\t\\\\x[0-9a-f]{64}$/, '')).not.toContain('\\');
    }
  });

  const onLinux = process.platform === 'linux' ? it : it.skip;
  onLinux('reads what this process has used', () => {
    const { cpuSeconds, rssMiB, peakRssMiB } = processUsage(process.pid);
    expect(cpuSeconds).toBeGreaterThan(0);
    expect(rssMiB).toBeGreaterThan(10);
    expect(peakRssMiB).toBeGreaterThanOrEqual(rssMiB);
  });
});
