export type { Dependency, DependencyStatus } from './dependency';
