import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'server/src/**/*.test.ts',
      'scripts/**/*.test.ts',
      'bench/**/*.test.ts',
      'web/**/*.test.ts',
    ],
    globalSetup: ['server/src/infra/postgres/testing.setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // ends what hangs; nothing is meant to take so long
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // a state is waited for, not a duration: what comes late on a crowded machine is no fault
    expect: { poll: { timeout: 30_000, interval: 25 } },
  },
})
