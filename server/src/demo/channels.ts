import { z } from 'zod'
import { channelInputSchema, makeChannel } from '../domains/acquisition/index.ts'
import type { Tx } from '../infra/db/database.ts'
import type { Services } from '../infra/services.ts'
import { countChannels, demoShops } from './channels.store.ts'
import { staffAndStoresAreThere } from './ready.store.ts'

const kind = 'demo.channels'
/** Between two looks whether stores and members are there. Business time. */
const againMs = 2_000
const done = z.object({ shops: z.number() })

type Needs = Pick<Services, 'clock' | 'due' | 'db'>

/** A few codes to scan at the first start: one a shop, one for parcels, one that rotates. Call before `due.start`. */
export function defineDemoChannels({ due, clock }: Needs): void {
  due.define(kind, async (items, tx) => {
    for (const { corpId, key } of items) {
      if ((await countChannels(tx, corpId)) > 0) continue
      if (!done.safeParse(await makeDemoChannels(tx, corpId, clock.now())).success)
        await due.schedule(tx, [{ corpId, kind, key, at: new Date(clock.now().getTime() + againMs) }])
    }
  })
}

export async function scheduleDemoChannels({ db, due, clock }: Needs, corpId: number): Promise<void> {
  await due.schedule(db, [{ corpId, kind, key: String(corpId), at: clock.now() }])
}

/** undefined: members and stores are not all there yet; a code made too early would miss some of its shop. */
async function makeDemoChannels(tx: Tx, corpId: number, at: Date): Promise<{ shops: number } | undefined> {
  if (!(await staffAndStoresAreThere(tx, corpId))) return undefined
  const shops = await demoShops(tx, corpId, 3)
  if (shops.length === 0) return undefined
  const everyone = shops.flatMap((shop) => shop.userids)
  const staff = (userids: readonly string[]) => userids.map((ref) => ({ kind: 'staff' as const, ref }))
  const wanted = [
    ...shops.map((shop) => ({
      kind: 'qr' as const,
      name: `门店码 · ${shop.name}`,
      group: '门店',
      strategy: 'platform' as const,
      store_id: shop.storeId,
      members: staff(shop.userids.slice(0, 5)),
    })),
    {
      kind: 'qr' as const,
      name: '包裹卡 · 秋季',
      group: '包裹卡',
      strategy: 'platform' as const,
      members: staff(everyone.slice(0, 3)),
    },
    {
      kind: 'landing' as const,
      name: '公众号菜单 · 轮流接待',
      group: '公众号',
      strategy: 'round_robin' as const,
      fallback: 'closed' as const,
      members: staff(everyone.slice(0, 4)),
    },
  ]
  for (const input of wanted) await makeChannel(tx, corpId, channelInputSchema.parse(input), '演示数据', at)
  return { shops: shops.length }
}
