import type { Services } from '../../../infra/services.ts'
import { makeDemoStores } from './stores.demo.store.ts'
import { mapStaffToStores } from './stores.store.ts'

const kind = 'organisation.demo_stores'
/** Between two looks whether the first sync has brought the departments. Business time. */
const againMs = 3_000

type Needs = Pick<Services, 'db' | 'clock' | 'due'>

/** The demo brand's stores come as soon as its departments and members are there. Call before `due.start`. */
export function defineDemoStores({ due, clock }: Needs): void {
  due.define(kind, async (items, tx) => {
    for (const { corpId, key } of items) {
      const made = await makeDemoStores(tx, corpId, clock.now())
      if (made === undefined)
        await due.schedule(tx, [{ corpId, kind, key, at: new Date(clock.now().getTime() + againMs) }])
      else await mapStaffToStores(tx, corpId)
    }
  })
}

export async function scheduleDemoStores({ db, due, clock }: Needs, corpId: number): Promise<void> {
  await due.schedule(db, [{ corpId, kind, key: String(corpId), at: clock.now() }])
}
