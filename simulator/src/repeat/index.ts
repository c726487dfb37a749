export { pages } from './pages';
export { repeat, type Repeated, type RepeatOptions } from './repeat';
export { settle, type RepeatableAcquisition, type Settled } from './settle';
