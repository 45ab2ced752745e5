/** Jest compiles TypeScript with swc (no type check: `npm run check` does that). */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts', '**/*.test.tsx'],
  transform: {
    '^.+\\.m?(t|j)sx?$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript', tsx: true } } }],
  },
  transformIgnorePatterns: [
    '/node_modules/(?!(sip\\.js|s3mini|libopus-wasm|mpg123-decoder|@wasm-audio-decoders/common|simple-yenc)/)',
  ],
  // Files run in a context of their own, where each use of a global is a slow look-up: loops over sound took five times as
  // long. Only what no test replaces and no module declares.
  sandboxInjectedGlobals: ['Float64Array', 'Int16Array', 'Math', 'Uint8Array'],
  // A module for import alone, whose exports say nothing to require.
  moduleNameMapper: { '^libopus-wasm$': '<rootDir>/node_modules/libopus-wasm/dist/index.js' },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/data', '<rootDir>/.cache'],
};
