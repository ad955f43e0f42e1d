import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { type Ended, runTwice } from './run-twice.ts'

vi.spyOn(console, 'log').mockReturnValue(undefined)

const root = fileURLToPath(new URL('../..', import.meta.url))
const late = (...files: string[]): Ended => ({ code: 1, failed: { files: files.map((one) => root + one), outside: 0 } })
const passed: Ended = { code: 0, failed: { files: [], outside: 0 } }

/** What is run when the runs end like this one after the other, and with what code all ends. */
async function runs(ends: readonly Ended[], inCi = true, args = ['--config', 'some.config.ts', 'packages']) {
  const asked: (readonly string[])[] = []
  const run = async (given: readonly string[]) => {
    const end = ends[asked.push(given) - 1]
    if (end === undefined) throw new Error('a run too many')
    return end
  }
  return { code: await runTwice(args, { inCi, run }), asked }
}

test('in CI the files that failed are run once more, and only they, with the same options', async () => {
  expect(await runs([late('packages/a.test.ts', 'packages/b.test.ts'), passed])).toEqual({
    code: 0,
    asked: [
      ['--config', 'some.config.ts', 'packages'],
      ['--config', 'some.config.ts', 'packages/a.test.ts', 'packages/b.test.ts'],
    ],
  })
})

test('what fails twice has failed', async () => {
  expect(await runs([late('a.test.ts'), late('a.test.ts')])).toMatchObject({ code: 1 })
})

test('elsewhere, and where all passed, there is one run', async () => {
  expect((await runs([late('a.test.ts')], false)).asked).toHaveLength(1)
  expect(await runs([passed])).toMatchObject({ code: 0 })
})

test('an error that is of no file, or a run that ended before it told, is not run away', async () => {
  expect(await runs([{ code: 1, failed: { files: [`${root}a.test.ts`], outside: 1 } }])).toMatchObject({ code: 1 })
  expect(await runs([{ code: 1, failed: { files: [], outside: 0 } }])).toMatchObject({ code: 1 })
  expect(await runs([{ code: 137 }])).toMatchObject({ code: 137 })
})

test('a file that its first try has changed for good passes in its second world', () => {
  mkdirSync(join(root, 'build'), { recursive: true })
  const folder = mkdtempSync(join(root, 'build', 'twice-'))
  const config = join(folder, 'vitest.config.ts')
  const tried = JSON.stringify(join(folder, 'tried'))
  writeFileSync(config, `export default { test: { root: ${JSON.stringify(folder)}, include: ['*.test.ts'] } }`)
  writeFileSync(
    join(folder, 'once.test.ts'),
    `import { existsSync, writeFileSync } from 'node:fs'
     import { expect, test } from 'vitest'
     const here = existsSync(${tried})
     writeFileSync(${tried}, '')
     test('late at first', () => expect(here).toBe(true))`,
  )
  const script = `import { runTwice } from './scripts/support/run-twice.ts'
    process.exitCode = await runTwice(['--config', ${JSON.stringify(config)}], { inCi: process.env.AGAIN === 'yes' })`
  const play = (AGAIN: string) => {
    rmSync(join(folder, 'tried'), { force: true })
    const env = { ...process.env, AGAIN }
    return spawnSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: root, env }).status
  }
  try {
    expect([play('no'), play('yes')]).toEqual([1, 0])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
