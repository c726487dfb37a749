export { createLatencyRecorder, type LatencyRecorder, type LatencySummary } from './latency';
export { load, type LoadOptions, type LoadReport } from './load';
