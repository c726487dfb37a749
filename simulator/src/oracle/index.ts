export {
  compare,
  promiseKept,
  type Comparison,
  type Evidence,
  type ParkedEvent,
  type SentRequest,
  type StoredTarget,
} from './compare';
export { createJournal, type Journal } from './journal';
