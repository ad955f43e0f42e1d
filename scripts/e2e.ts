// npm run e2e [-- FILTER …]: the stories in a real browser. A crowded machine may make one of thousands of steps late:
// with CI set, a story that failed is played once more from its beginning, in a new world; a second failure is a failure.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const report = `${root}build/e2e.json`
mkdirSync(`${root}build`, { recursive: true })

const first = play(process.argv.slice(2))
if (first === 0 || process.env['CI'] === undefined) process.exit(first)

const failed = failedStories()
if (failed.length === 0) process.exit(first) // it failed outside a story
console.log(`\nPlayed once more, each in a new world: ${failed.join(', ')}\n`)
process.exit(play(failed))

function play(filters: readonly string[]): number {
  const run = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'e2e/vitest.config.ts']
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  return spawnSync(process.execPath, [...run, ...reporters, ...filters], { cwd: root, stdio: 'inherit' }).status ?? 1
}

function failedStories(): readonly string[] {
  const { testResults }: { testResults: readonly { name: string; status: string }[] } = JSON.parse(
    readFileSync(report, 'utf8'),
  )
  return testResults.filter(({ status }) => status === 'failed').map(({ name }) => relative(root, name))
}
