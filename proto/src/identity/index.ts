export { contentHash } from './content-hash';
export { targetId } from './target-id';
export { isUlid, lowestUlid, newUlid, ulidOf, ulidTime } from './ulid';
