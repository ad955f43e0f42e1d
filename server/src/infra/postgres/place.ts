import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { type Account, canReach } from './account.ts'
import { runningPostmaster } from './postmaster.ts'

/** Where things go that the database's account must reach when the clone is closed to it: root's business only. */
export function sharedHome(): string {
  for (const home of ['/var/lib/nuanyu', join(tmpdir(), 'nuanyu')]) {
    try {
      mkdirSync(home, { recursive: true })
      chmodSync(home, 0o755)
      return home
    } catch {
      // a read-only system: the next one
    }
  }
  throw new Error('Neither /var/lib nor the folder for temporary files can be written to.')
}

/** The cluster's folder: in the data folder where the account can reach that, else in the shared home. */
export function placeCluster(dataDir: string, account: Account | undefined): string {
  if (canReach(dataDir, account)) return join(dataDir, 'postgres')
  const home = sharedHome()
  sweepUp(home)
  const cluster = join(home, `data-${randomBytes(6).toString('hex')}`)
  writeFileSync(`${cluster}.origin`, dataDir, { mode: 0o600 })
  return cluster
}

/**
 * Data of a folder for temporary files that is gone is nobody's any more: trials and main jobs would fill the disk.
 * Data of any other folder stays, whatever became of the folder: a disk may only be unplugged.
 */
function sweepUp(home: string): void {
  for (const note of readdirSync(home).filter((name) => name.endsWith('.origin'))) {
    const origin = readFileSync(join(home, note), 'utf8')
    const cluster = join(home, note.slice(0, -'.origin'.length))
    if (!origin.startsWith(tmpdir() + sep) || existsSync(origin) || runningPostmaster(cluster)) continue
    rmSync(cluster, { recursive: true, force: true })
    rmSync(join(home, note))
  }
}

/**
 * Where the database listens: a socket in a folder of its own (nobody else can reach it, no port can be taken), on
 * Windows a free port of this machine. Socket paths may have 103 bytes at most, so a long TMPDIR is passed over.
 */
export async function placeSocket(account: Account | undefined): Promise<{ host: string; port: number }> {
  if (process.platform === 'win32') return { host: '127.0.0.1', port: await freePort() }
  const base =
    [tmpdir(), '/tmp', '/var/tmp'].find((folder) => folder.length < 70 && canReach(folder, account)) ?? '/tmp'
  const host = mkdtempSync(join(base, 'nuanyu-db-'))
  if (account) chownSync(host, account.uid, account.gid)
  return { host, port: 5432 }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
