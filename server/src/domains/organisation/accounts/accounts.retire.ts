import { demoPassword, verifyPassword } from '../../../infra/auth/passwords.ts'
import type { Services } from '../../../infra/services.ts'
import { demandNewPasswords, disableAccounts, seededAccounts } from './accounts.seed.store.ts'

export interface Retired {
  /** Demo accounts that are disabled now. */
  readonly disabled: readonly string[]
  /** Accounts that can do nothing before their password is changed. */
  readonly mustChange: readonly string[]
}

/**
 * The demo password stands in the README, so it must not open a real brand: the demo's accounts that still have it are
 * disabled, the first administrator must change it. Those whose password a person changed are left alone. Safe to
 * repeat: called when a real corp is saved and whenever a server starts without the sandbox.
 */
export async function retireDemoPassword({ db, clock }: Pick<Services, 'db' | 'clock'>): Promise<Retired> {
  const open = []
  for (const account of await seededAccounts(db))
    if (await verifyPassword(account.passwordHash, demoPassword)) open.push(account)
  const demo = open.filter((account) => account.createdBy === 'demo')
  const first = open.filter((account) => account.createdBy !== 'demo')
  await disableAccounts(
    db,
    demo.map((account) => account.id),
    clock.now(),
  )
  await demandNewPasswords(
    db,
    first.map((account) => account.id),
  )
  return { disabled: demo.map((one) => one.username), mustChange: first.map((one) => one.username) }
}
