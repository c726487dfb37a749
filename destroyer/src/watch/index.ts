export { createFeed, type Feed } from './feed';
export { createWatchTargets, type WatchTargets } from './watch-targets';
