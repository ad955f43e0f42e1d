// npm run e2e [-- FILTER …]: the stories in a real browser.
import { runTwice } from './support/run-twice.ts'

process.exitCode = await runTwice(['--config', 'e2e/vitest.config.ts', ...process.argv.slice(2)])
