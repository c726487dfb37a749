/** @type {import('jest').Config} */
const shared = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: { '^@emitter/([a-z-]+)$': '<rootDir>/$1/src/index.ts' },
  modulePathIgnorePatterns: ['<rootDir>/[a-z-]+/dist/'],
  injectGlobals: true,
};

/** A level is in the file's name: *.unit.spec.ts beside the code, *.int.spec.ts and *.e2e.spec.ts in test/. */
module.exports = {
  testTimeout: 30_000,
  maxWorkers: 2,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/*/src/**/*.unit.spec.ts', '<rootDir>/*/test/**/*.unit.spec.ts'],
    },
    {
      ...shared,
      displayName: 'int',
      // Those of pulsar/ need a broker, see its jest.broker.config.js.
      testMatch: ['<rootDir>/*/test/**/*.int.spec.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/pulsar/'],
      globalSetup: '<rootDir>/local/src/testing/global-setup.ts',
      globalTeardown: '<rootDir>/local/src/testing/global-teardown.ts',
    },
    { ...shared, displayName: 'e2e', testMatch: ['<rootDir>/*/test/**/*.e2e.spec.ts'] },
  ],
  collectCoverageFrom: [
    '<rootDir>/*/src/**/*.ts',
    '!**/*.spec.ts',
    '!**/generated/**',
    '!**/index.ts',
    // What only wires a process together is run by the e2e tests, in processes of their own.
    '!**/main.ts',
    '!**/testing/**',
    '!**/conformance/**',
    '!<rootDir>/bench/**',
  ],
  // The sum here; line by line in coverage/lcov-report/index.html.
  coverageReporters: ['text-summary', 'lcov'],
  coverageThreshold: { global: { lines: 90, branches: 90 } },
};
