import { defineConfig } from 'vitest/config'

/** Stories in a real browser and the recovery suite: each against real processes. */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['e2e/**/*.e2e.ts'],
    globalSetup: ['server/src/infra/postgres/testing.setup.ts', 'e2e/support/browser.setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 150_000,
    hookTimeout: 90_000,
    // a state is waited for, not a duration: what comes late on a crowded machine is no fault
    expect: { poll: { timeout: 60_000, interval: 50 } },
  },
})
