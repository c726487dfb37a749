export { createAcquire, type Acquire, type AcquireCall, type AcquireOptions } from './acquire';
export { createStreamAcquire, type StreamAcquire, type StreamAcquireOptions } from './stream-acquire';
