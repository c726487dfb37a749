const { projects, testTimeout } = require('../jest.config.js');

/** Against a real broker, one file after the other: npx jest -i -c pulsar/jest.broker.config.js */
module.exports = {
  ...projects[0],
  displayName: 'pulsar',
  rootDir: '..',
  testTimeout,
  testMatch: ['<rootDir>/pulsar/test/**/*.int.spec.ts'],
};
