import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { exclusively } from './lock.mjs'
import { npm } from './npm.mjs'
import { root } from './place.mjs'
import { say } from './say.mjs'

/** Installs what package-lock.json asks for, when node_modules holds something else. */
export async function ensureDependencies(node) {
  if (installed(root)) return
  await exclusively('install', async () => {
    if (installed(root)) return
    await say.while('Installing dependencies 正在安装依赖', () => npm(node, ['ci'], root, ['the dependencies', '依赖']))
  })
}

/**
 * Whether node_modules is what the lock file describes. npm writes its own list of what it installed last of all, so
 * an interrupted installation has none. Packages for other platforms are in the lock file only.
 */
export function installed(folder) {
  const asked = packagesOf(join(folder, 'package-lock.json'))
  const present = packagesOf(join(folder, 'node_modules', '.package-lock.json'))
  if (!asked || !present) return false
  return Object.entries(asked).every(([path, entry]) => {
    if (!path.includes('node_modules/') || entry.link) return true
    const there = present[path]
    return there ? there.version === entry.version : Boolean(entry.optional || entry.devOptional || entry.peer)
  })
}

function packagesOf(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined
}
