export { individual } from './individual';
export { eventJson, jsonArray, targetJson } from './json';
export { listAll } from './list-all';
export { several } from './several';
