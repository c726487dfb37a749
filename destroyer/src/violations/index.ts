export { Violations } from './violations';
