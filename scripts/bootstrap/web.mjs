import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { exclusively } from './lock.mjs'
import { root } from './place.mjs'
import { quietly } from './run.mjs'
import { StopError, say } from './say.mjs'

const web = join(root, 'web')
const stamp = join(web, 'dist', '.sources')

/** Builds the pages when their sources are not those that the last build saw. */
export async function ensureWeb(node) {
  if (fresh()) return
  await exclusively('web', async () => {
    if (fresh()) return
    await say.while('Building the pages 正在构建网页', () => buildWeb(node))
  })
}

export async function buildWeb(node) {
  const sources = fingerprint()
  const { ok, output } = await quietly(node, [join(web, 'scripts', 'build.mjs')], { cwd: web })
  if (!ok) {
    throw new StopError('The pages could not be built; the compiler says why above.', '网页构建失败,原因见上方输出。', {
      details: output.trim(),
    })
  }
  writeFileSync(stamp, sources)
}

function fresh() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint()
}

function fingerprint() {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')))
  for (const file of filesBelow(web)) hash.update(relative(web, file)).update('\0').update(readFileSync(file))
  return hash.digest('hex')
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !['node_modules', 'dist'].includes(entry.name) && !/\.test\.tsx?$/.test(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)]))
}
