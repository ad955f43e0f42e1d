import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseCLI } from 'vitest/node'
import type { Failed } from './failed-files.ts'
import { inTemporaryFolder } from './temporary.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const reporter = fileURLToPath(new URL('failed-files.ts', import.meta.url))

/** How a run of vitest ended; `failed` is missing where it ended before it could tell. */
export interface Ended {
  readonly code: number
  readonly failed?: Failed | undefined
}

/**
 * Runs vitest with these arguments and answers its exit code. A crowded machine may make one of thousands of steps late: in
 * CI each file that failed is run once more from its beginning, in a process and a world of its own, so that nothing is
 * left of the first try. A second failure is a failure, and so is an error outside of any file.
 */
export async function runTwice(
  args: readonly string[],
  { inCi = process.env['CI'] !== undefined, run = vitest } = {},
): Promise<number> {
  const { code, failed } = await run(args)
  if (code === 0 || !inCi || failed === undefined || failed.outside > 0 || failed.files.length === 0) return code
  const files = failed.files.map((file) => relative(root, file))
  console.log(`\nRun once more, each in a new world: ${files.join(', ')}\n`)
  const { filter } = parseCLI(['vitest', 'run', ...args])
  const second = await run([...args.filter((one) => !filter.includes(one)), ...files])
  console.log(
    `\n${second.code === 0 ? 'Failed at first, passed in a new world' : 'Failed twice'}: ${files.join(', ')}\n`,
  )
  return second.code
}

function vitest(args: readonly string[]): Promise<Ended> {
  return inTemporaryFolder(async (folder) => {
    const told = join(folder, 'failed.json')
    const command = ['node_modules/vitest/vitest.mjs', 'run', '--reporter=default', `--reporter=${reporter}`, ...args]
    const env = { ...process.env, FAILED_FILES: told }
    const code = await new Promise<number>((resolve, reject) => {
      const child = spawn(process.execPath, command, { cwd: root, env, stdio: 'inherit' })
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
      child.on('error', reject)
      child.on('exit', (ended) => resolve(ended ?? 1))
    })
    return { code, failed: existsSync(told) ? JSON.parse(readFileSync(told, 'utf8')) : undefined }
  })
}
