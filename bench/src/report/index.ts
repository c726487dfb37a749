export { chart } from './chart';
export { withFigures } from './document';
export { merged, type Results, type TakenSuite } from './results';
export { table } from './table';
