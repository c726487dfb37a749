export { countFailedEvents, type FailedEventCounts } from './count';
export { recordFurtherFailure, removeFailed, takeDue, type DueEvent } from './due';
export { verdict, type Failure, type FailureReason, type RetryPolicy, type Verdict } from './failure';
export { recordFailures, type RecordedFailure } from './record';
export { redriveFailedEvents } from './redrive';
