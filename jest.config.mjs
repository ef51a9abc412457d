/** One project per ring (docs/decisions/0009-tests-in-five-rings.md); `npm test` runs them in this order. */
const shared = {
  testEnvironment: '<rootDir>/libs/testing/src/environment.cjs',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^sanitize-html$': '<rootDir>/libs/testing/src/outside-jest.cjs',
  },
  transform: { '^.+\\.ts$': ['@swc/jest', {}] },
  testEnvironmentOptions: { customExportConditions: ['development', 'node', 'node-addons'] },
  modulePathIgnorePatterns: ['/dist/', '/\\.erato/'],
  setupFiles: ['reflect-metadata'],
};
/** The rings that start services share one Postgres for the run; NATS starts anew for each test file. */
const withPostgres = {
  globalSetup: '<rootDir>/libs/testing/src/global-setup.mjs',
  globalTeardown: '<rootDir>/libs/testing/src/global-teardown.mjs',
};
const ring = (displayName, testMatch, more = {}) => ({ ...shared, displayName, testMatch, ...more });

export default {
  // A limit for what hangs, not a promise of speed: machines that run tests are busy.
  testTimeout: 30_000,
  projects: [
    ring('rules', ['<rootDir>/{libs,services,tools}/*/src/**/*.spec.ts', '<rootDir>/tools/src/**/*.spec.ts']),
    ring(
      'services',
      ['<rootDir>/{libs,services}/*/test/**/*.spec.ts', '<rootDir>/tools/test/**/*.spec.ts'],
      withPostgres,
    ),
    ring('stories', ['<rootDir>/test/stories/**/*.spec.ts']),
    ring('conformance', ['<rootDir>/test/conformance/**/*.spec.ts']),
    ring('faults', ['<rootDir>/test/faults/**/*.spec.ts']),
  ],
};
