import { readFileSync, type Stats, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { EmbeddedPostgresError } from './failure.ts'

/** The operating-system account that PostgreSQL runs as. */
export type Account = { uid: number; gid: number; name: string }

/** Accounts that exist on practically every system and own no files that matter; initdb insists on a named one. */
const candidates = ['postgres', 'nobody', 'daemon']

export function accountsOf(passwd: string): Account[] {
  return passwd.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':')
    if (!name || !uid || !gid) return []
    return [{ name, uid: Number(uid), gid: Number(gid) }]
  })
}

/** PostgreSQL refuses to run as root: take the owner of an existing cluster, else a known service account. */
export function chooseAccount(accounts: Account[], clusterOwner?: number): Account | undefined {
  const owner = accounts.find((account) => account.uid === clusterOwner)
  if (owner && owner.uid !== 0) return owner
  return candidates.flatMap((name) => accounts.filter((account) => account.name === name && account.uid !== 0))[0]
}

/** Undefined when we are an ordinary user (or on Windows): PostgreSQL then simply runs as ourselves. */
export function databaseAccount(cluster: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const account = chooseAccount(accountsOf(readFileSync('/etc/passwd', 'utf8')), statOf(cluster)?.uid)
  if (account) return account
  throw new EmbeddedPostgresError(
    'no_account',
    `PostgreSQL must not run as root, and none of the accounts ${candidates.join(', ')} exists here. Start as an ordinary user, or set DATABASE_URL to your own PostgreSQL.`,
    `PostgreSQL 不能以 root 运行，而本机没有 ${candidates.join('、')} 账号。请用普通用户启动，或用 DATABASE_URL 指向已有的 PostgreSQL。`,
  )
}

/** Whether the mode bits of these folders let the account pass through all of them. */
export function mayPass(folders: Pick<Stats, 'uid' | 'gid' | 'mode'>[], account: Account): boolean {
  return folders.every(({ uid, gid, mode }) => {
    if (uid === account.uid) return (mode & 0o100) !== 0
    if (gid === account.gid) return (mode & 0o010) !== 0
    return (mode & 0o001) !== 0
  })
}

/** Whether the account can reach this folder at all: a clone below a folder of mode 700 is closed to it. */
export function canReach(folder: string, account: Account | undefined): boolean {
  if (!account) return true
  const onTheWay: Stats[] = []
  for (let at = resolve(folder); ; at = dirname(at)) {
    const stats = statOf(at)
    if (stats) onTheWay.push(stats)
    if (at === dirname(at)) return mayPass(onTheWay, account)
  }
}

function statOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false })
}
