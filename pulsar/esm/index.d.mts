import * as pulsar from '../dist/index.js';

export * from '../dist/index.js';
export default pulsar;
