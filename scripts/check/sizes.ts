import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const most = 600
const source = /\.(ts|tsx|mjs|css|sql)$/
const generated = /(\.gen\.ts|\/generated\/|\.data\.ts)/

export type Long = { file: string; lines: number }

/** Source files of the repository that are longer than a reader can hold. */
export function tooLong(root: string, files: string[] = listed(root)): Long[] {
  return files
    .filter((file) => source.test(file) && !generated.test(file) && existsSync(join(root, file)))
    .map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > most)
}

function listed(root: string): string[] {
  return execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' }).split('\n')
}

if (import.meta.main) {
  const long = tooLong(process.cwd())
  for (const { file, lines } of long) console.error(`${file}: ${lines} lines, at most ${most}`)
  process.exitCode = long.length > 0 ? 1 : 0
}
