export { pidOf, startBenchStack, type BenchStack } from './stack';
