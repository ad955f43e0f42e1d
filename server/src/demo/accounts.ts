import { seedDemoAccounts } from '../domains/organisation/index.ts'
import type { Services } from '../infra/services.ts'
import { staffAndStoresAreThere } from './ready.store.ts'

const kind = 'demo.accounts'
/** Between two looks whether staff, customers and stores are there. Business time. */
const againMs = 2_000

type Needs = Pick<Services, 'clock' | 'config' | 'db' | 'due'>

/** The manager's and the guide's accounts come when it is known who they are. Call before `due.start`. */
export function defineDemoAccounts({ clock, config, db, due }: Needs): void {
  due.define(kind, async (items, tx) => {
    for (const { corpId, key } of items) {
      if (await staffAndStoresAreThere(tx, corpId)) await seedDemoAccounts({ clock, config, db }, corpId)
      else await due.schedule(tx, [{ corpId, kind, key, at: new Date(clock.now().getTime() + againMs) }])
    }
  })
}

export async function scheduleDemoAccounts({ db, due, clock }: Needs, corpId: number): Promise<void> {
  await due.schedule(db, [{ corpId, kind, key: String(corpId), at: clock.now() }])
}
