// Everything that a reviewer should not have to look for. Each step is a tool of its own; all run even when one fails.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { styleText } from 'node:util'

type Step = { name: string; command: string[]; when?: boolean }

const cruised = ['server/src', 'packages', 'web', 'bench', 'scripts', 'e2e'].filter((folder) => existsSync(folder))
const bin = (path: string) => `node_modules/${path}`

const steps: Step[] = [
  { name: 'format and lint', command: [bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings'] },
  { name: 'types', command: [bin('typescript/bin/tsc'), '-p', 'tsconfig.json', '--noEmit'] },
  { name: 'types of the pages', command: [bin('typescript/bin/tsc'), '-p', 'web/tsconfig.json', '--noEmit'] },
  {
    name: 'doors and layers',
    command: [bin('dependency-cruiser/bin/dependency-cruiser.mjs'), '--config', '.dependency-cruiser.mjs', ...cruised],
  },
  { name: 'dead code', command: [bin('knip/bin/knip.js'), '--no-progress', '--treat-config-hints-as-errors'] },
  { name: 'file sizes', command: ['scripts/check/sizes.ts'] },
  { name: 'database types are up to date', command: ['scripts/db-types.ts', '--check'] },
  { name: 'API client is up to date', command: ['web/scripts/api-generate.mjs', '--check'] },
]

const only = process.argv[2]
const chosen = steps.filter(({ name }) => only === undefined || name.includes(only))
const waiting = [...chosen]
let failed = 0

/** Two at a time: more would only get into each other's way on a small machine. */
await Promise.all([lane(), lane()])
console.log(
  failed === 0 ? `check: ${chosen.length} passed` : `check: ${chosen.length - failed} passed, ${failed} failed`,
)
process.exitCode = failed === 0 ? 0 : 1

async function lane(): Promise<void> {
  for (let step = waiting.shift(); step; step = waiting.shift()) {
    const began = performance.now()
    const { ok, output } = await run(step.command)
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    console.log(`${ok ? styleText('green', '✓') : styleText('red', '✗')} ${step.name} (${seconds} s)`)
    if (!ok) {
      failed += 1
      console.log(output.trim())
    }
  }
}

function run(command: string[]): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8')
      stream.on('data', (text: string) => {
        output += text
      })
    }
    child.on('error', (error) => resolve({ ok: false, output: error.message }))
    child.on('close', (code) => resolve({ ok: code === 0, output }))
  })
}
