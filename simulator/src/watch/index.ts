export { follow, type FollowOptions } from './follow';
export { measureVisibility, type VisibilityMeter } from './visibility';
