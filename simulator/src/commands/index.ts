export { commandConfigs, runSimulator } from './run';
export type { World } from './world';
