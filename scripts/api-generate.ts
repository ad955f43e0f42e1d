// Writes (or, with --check, compares) web/shared/api/schema.gen.ts with the OpenAPI of a server started for this.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, startServerProcess } from './support/server-process.ts'
import { inTemporaryFolder } from './support/temporary.ts'

process.exitCode = await inTemporaryFolder(async (folder) => {
  const server = await startServerProcess({
    dataDir: join(folder, 'data'),
    env: { SANDBOX: 'off', LOG_LEVEL: 'error' },
  })
  const file = join(folder, 'openapi.json')
  try {
    writeFileSync(file, await (await fetch(`${server.url}/api/openapi.json`)).text())
  } finally {
    await server.stop()
  }
  const generate = ['web/scripts/api-generate.mjs', '--from', file, ...process.argv.slice(2)]
  return spawnSync(process.execPath, generate, { cwd: root, stdio: 'inherit' }).status ?? 1
})
