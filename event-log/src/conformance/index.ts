import { describe } from '@jest/globals';
import type { MakeHarness } from './harness';
import { outages } from './outages';
import { publishing } from './publishing';
import { subscribing } from './subscribing';

export { anEvent, eventually, someEvents, type LogHarness, type MakeHarness } from './harness';

/**
 * What every event log must do, whatever it is made of. Call it in a spec of the adapter:
 * `eventLogConformance('postgres', makeHarness)`.
 */
export function eventLogConformance(name: string, makeHarness: MakeHarness): void {
  describe(`the event log on ${name}`, () => {
    publishing(makeHarness);
    subscribing(makeHarness);
    outages(makeHarness);
  });
}
