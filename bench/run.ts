// npm run bench -- NAME [--json] [--keep FOLDER] [--option value …]: runs bench/NAME.bench.ts. Progress goes to stderr;
// the last line on stdout is one JSON object, so that figures can be kept and compared.
import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inTemporaryFolder } from '../scripts/support/temporary.ts'
import type { Bench, BenchContext } from './lib/bench.ts'
import { machine } from './lib/machine.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const suffix = '.bench.ts'
const [name, ...options] = process.argv.slice(2)

if (!name || !existsSync(`${here}${name}${suffix}`)) {
  if (name) console.error(`There is no benchmark "${name}".`)
  console.error('Benchmarks: npm run bench -- NAME [--json]')
  for (const file of readdirSync(here).filter((file) => file.endsWith(suffix))) {
    const bench = await load(file.slice(0, -suffix.length))
    console.error(`  ${bench.name.padEnd(12)} ${bench.describe}`)
  }
  process.exit(name ? 1 : 0)
}

const bench = await load(name)
console.error(`${bench.name}: ${bench.describe}`)
const result = await inFolder((folder) => bench.run(context(folder)))
if (!options.includes('--json')) {
  for (const [figure, value] of Object.entries(result.figures)) console.log(`  ${figure.padEnd(28)} ${value}`)
}
console.log(
  JSON.stringify({
    bench: bench.name,
    ok: result.ok,
    machine: machine(),
    config: result.config,
    figures: result.figures,
  }),
)
process.exitCode = result.ok ? 0 : 1

/** In the folder that `--keep` names, with what an earlier run left there; else in a new one that is gone afterwards. */
async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const kept = textOf('keep')
  if (kept === undefined) return inTemporaryFolder(work)
  const folder = resolve(kept)
  mkdirSync(folder, { recursive: true })
  // as root the database runs as another account
  chmodSync(folder, 0o755)
  return work(folder)
}

function textOf(name: string): string | undefined {
  const joined = options.find((option) => option.startsWith(`--${name}=`))?.split('=')[1]
  return joined ?? (options.includes(`--${name}`) ? options[options.indexOf(`--${name}`) + 1] : undefined)
}

async function load(name: string): Promise<Bench> {
  const { bench }: { bench: Bench } = await import(`./${name}${suffix}`)
  return bench
}

function context(folder: string): BenchContext {
  const began = performance.now()
  return {
    folder,
    say: (text) => console.error(`  [${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s] ${text}`),
    flag: (name) => options.includes(`--${name}`),
    option(name, otherwise) {
      const value = Number(textOf(name) ?? otherwise)
      if (Number.isNaN(value)) throw new Error(`--${name} needs a number`)
      return value
    },
  }
}
