import { deathstarVsCopy } from './deathstar-vs-copy';
import { destroyerVsEcho } from './destroyer-vs-echo';
import { latency } from './latency';
import { list } from './list';
import { memory } from './memory';
import { visible } from './visible';

export { type Bench, type Figure, type Suite, type SuiteResult } from './suite';

/** Every suite, in the order in which they run: what measures whole rounds first, what leaves much behind last. */
export const suites = [destroyerVsEcho, latency, deathstarVsCopy, visible, list, memory] as const;
