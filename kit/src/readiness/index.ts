export type { Dependency, DependencyStatus } from './dependency';
export { healthHandlers, type HealthHandlers } from './health-handlers';
export { probe } from './probe';
export { createReadiness, type Readiness, type ReadinessOptions } from './readiness';
