export { hotSpots, type CpuProfile, type HotSpot } from './hot-spots';
export { profileReport, profilingEnv } from './report';
