// npm test [-- FILTER …]: the tests of everything but the browser's stories.
import { runTwice } from './support/run-twice.ts'

process.exitCode = await runTwice(process.argv.slice(2))
