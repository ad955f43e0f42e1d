// Writes (or, with --check, compares) server/src/infra/db/schema.gen.ts with a database that has all migrations.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { openDatabase } from '../server/src/infra/db/database.ts'
import { migrate } from '../server/src/infra/db/migrate.ts'
import { startEmbeddedPostgres } from '../server/src/infra/postgres/index.ts'
import { inTemporaryFolder } from './support/temporary.ts'

const root = join(import.meta.dirname, '..')
const target = 'server/src/infra/db/schema.gen.ts'
const check = process.argv.includes('--check')

function generate(url: string): number {
  const args = [
    ...['--dialect', 'postgres', '--url', url, '--out-file', target, '--log-level', 'warn'],
    ...['--default-schema', 'public', '--include-pattern', 'public.*', '--exclude-pattern', 'public.migrations'],
    ...['--type-mapping', '{"int8":"number"}'], // openDatabase parses bigint so
    ...(check ? ['--verify'] : []),
  ]
  const bin = join(root, 'node_modules/kysely-codegen/dist/cli/bin.js')
  return spawnSync(process.execPath, [bin, ...args], { cwd: root, stdio: 'inherit' }).status ?? 1
}

process.exitCode = await inTemporaryFolder(async (folder) => {
  const log = { info() {}, warn: (_fields: object, message: string) => console.warn(message) }
  const embedded = await startEmbeddedPostgres({ dataDir: join(folder, 'data'), log, durable: false })
  try {
    const database = openDatabase(embedded.url)
    const { current } = await migrate(database.pool)
    await database.close()
    const status = generate(embedded.url)
    if (status === 0) console.log(`${target} is that of migration ${current}`)
    else if (check) console.error(`${target} is behind the migrations. Run: npm run db:types`)
    return status
  } finally {
    await embedded.stop()
  }
})
