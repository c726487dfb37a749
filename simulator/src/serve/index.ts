export { startSimulator, type SimulatorOptions } from './start-simulator';
