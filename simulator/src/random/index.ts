export { seededRandom, type Random } from './random';
export { newSeed, randomTargets, type RandomTargetOptions } from './targets';
