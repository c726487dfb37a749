export { createProjectionObserver } from './observer';
export type { Outcome, ProjectionObserver } from './outcome';
export { startProjection, type Projection, type ProjectionOptions } from './projection';
