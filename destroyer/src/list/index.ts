export { createListTargets, type ListTargets } from './list-targets';
