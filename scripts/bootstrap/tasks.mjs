import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './place.mjs'

const settings = existsSync(join(root, '.env')) ? ['--env-file=.env'] : []
/**
 * On a large machine V8 gives what is young 128 MB and fills them before it looks: a first sync held 100 MB more for it,
 * and was no faster. What is old it lets double before it looks: at half as much more a first sync peaks at 224 MB, not
 * 347 to 401, and is no slower, nor is the taking of callbacks.
 */
const memory = ['--max-semi-space-size=8', '--heap-growing-percent=50']

/** What `npm run <task>` runs under Node 24; `web`: the pages are built first when they are stale. */
export const tasks = {
  start: { web: true, command: [...settings, ...memory, 'server/src/main.ts'] },
  sandbox: { web: true, command: ['packages/sandbox/bin/nuanyu-sandbox.mjs'] },
  test: { command: ['scripts/test.ts'] },
  check: { command: ['scripts/check.ts'] },
  bench: { web: true, command: ['bench/run.ts'] },
  build: { command: ['scripts/build.mjs'] },
  pack: { web: true, command: ['scripts/pack.ts'] },
  size: { web: true, command: ['web/scripts/size.mjs'] },
  db: { command: [...settings, 'scripts/db.ts'] },
  'db:types': { command: ['scripts/db-types.ts'] },
  'api:generate': { command: ['web/scripts/api-generate.mjs'] },
  e2e: { web: true, command: ['scripts/e2e.ts'] },
  shots: { web: true, command: ['e2e/shots.ts'] },
}

export const taskNames = Object.keys(tasks).join(', ')
