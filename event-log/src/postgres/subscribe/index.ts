export { readProgress } from './progress';
export { PostgresSubscription, type SubscriptionOptions } from './subscription';
