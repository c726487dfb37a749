export { repeat, type Repetition } from './repeat';
