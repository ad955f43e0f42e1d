import { randomBytes } from 'node:crypto'
import { v7 as uuid } from 'uuid'
import type { Scope } from '../../../infra/auth/actor.ts'
import { demoPassword, hashPassword, verifyPassword } from '../../../infra/auth/passwords.ts'
import type { Database } from '../../../infra/db/database.ts'
import type { Services } from '../../../infra/services.ts'
import { findDemoStaff, lockFirstAccount } from './accounts.seed.store.ts'
import { countAccounts, findForLogin, insertAccount, type NewAccount, updateAccount } from './accounts.store.ts'

type Needs = Pick<Services, 'config' | 'db' | 'clock'>

const firstUsername = 'admin'

/**
 * Makes the administrator of the installation when there is no account at all: with ADMIN_PASSWORD, in the sandbox with
 * the demo password, otherwise with a random one. Answers a password when it may be printed: made up just now, or the
 * demo's and still in use.
 */
export async function ensureFirstAccount({
  config,
  db,
  clock,
}: Needs): Promise<{ username: string; password?: string }> {
  if ((await countAccounts(db)) === 0) {
    const made = config.sandbox ? demoPassword : randomBytes(12).toString('base64url')
    if (await makeFirst(db, config.adminPassword ?? made, clock.now()))
      return config.adminPassword === undefined
        ? { username: firstUsername, password: made }
        : { username: firstUsername }
  }
  if (!config.sandbox) return { username: firstUsername }
  const known = await findForLogin(db, firstUsername)
  const still = known !== undefined && (await verifyPassword(known.passwordHash, demoPassword))
  return still ? { username: firstUsername, password: demoPassword } : { username: firstUsername }
}

/** False when another process was first. */
async function makeFirst(db: Database, password: string, at: Date): Promise<boolean> {
  const passwordHash = await hashPassword(password)
  return db.transaction().execute(async (tx) => {
    await lockFirstAccount(tx)
    if ((await countAccounts(tx)) > 0) return false
    return insertAccount(tx, {
      id: uuid(),
      corpId: undefined,
      username: firstUsername,
      name: '管理员',
      role: 'administrator',
      scope: { kind: 'corp' },
      wecomUserid: undefined,
      locale: 'zh',
      passwordHash,
      createdAt: at,
      createdBy: 'first start',
    })
  })
}

interface DemoAccount {
  readonly username: string
  readonly name: string
  readonly role: NewAccount['role']
  readonly wecomUserid: string | undefined
  readonly scope: Scope
}

/**
 * One account a role for the demo brand, all with the demo password: `operator`, `manager`, `guide`, `auditor`. The
 * manager and the guide stand in the same store. Called again after staff and stores were synced, it links those that
 * had nobody to link to yet; accounts that a person changed are left alone. Answers the user names there are now.
 */
export async function seedDemoAccounts({ db, clock }: Needs, corpId: number): Promise<readonly string[]> {
  const { guide, manager, storeId, departmentIds } = await findDemoStaff(db, corpId)
  const place: Scope | undefined =
    storeId !== undefined
      ? { kind: 'store', storeIds: [storeId] }
      : departmentIds.length > 0
        ? { kind: 'region', departmentIds }
        : undefined
  const wanted: DemoAccount[] = [
    { username: 'operator', name: '运营演示', role: 'operator', wecomUserid: undefined, scope: { kind: 'corp' } },
    { username: 'auditor', name: '审计演示', role: 'auditor', wecomUserid: undefined, scope: { kind: 'corp' } },
  ]
  if (place !== undefined)
    wanted.push({
      username: 'manager',
      name: manager?.name ?? '店长演示',
      role: 'store_manager',
      wecomUserid: manager?.userid,
      scope: place,
    })
  if (guide !== undefined)
    wanted.push({
      username: 'guide',
      name: guide.name,
      role: 'guide',
      wecomUserid: guide.userid,
      scope: { kind: 'self', userid: guide.userid },
    })
  const there: string[] = []
  for (const account of wanted) {
    const known = await findForLogin(db, account.username)
    if (known === undefined) {
      await insertAccount(db, {
        ...account,
        id: uuid(),
        corpId,
        locale: 'zh',
        passwordHash: await hashPassword(demoPassword),
        createdAt: clock.now(),
        createdBy: 'demo',
      })
    } else if (
      known.account.createdBy === 'demo' &&
      known.account.scope.kind === 'region' &&
      account.scope.kind === 'store'
    ) {
      // the stores came after the first start
      await updateAccount(db, known.account.id, { ...known.account, scope: account.scope })
    }
    there.push(account.username)
  }
  return there
}
