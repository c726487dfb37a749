export { answerWithin, patienceMs } from './answer-within';
