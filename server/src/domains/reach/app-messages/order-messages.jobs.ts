import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import type { Tx } from '../../../infra/db/database.ts'
import { followEvents, type StoredEvent } from '../../../infra/events/follow.ts'
import type { Services } from '../../../infra/services.ts'
import { localTime } from '../../../infra/zone.ts'
import { tellStaff } from './app-messages.store.ts'
import { earnersOf } from './order-messages.store.ts'

const batch = 200
/** Orders that are told of in one round; in a flood the rest waits its turn, so that taking orders in goes first. */
const ordersARound = 200
/**
 * What was older when we heard of it came late or was brought in afterwards: no news for anybody at the counter. How long it
 * then waited for us does not count: what nobody could be told while we were down is told afterwards.
 */
const newsMs = 30 * 60_000

/** Reads on in the log of events, until it is stopped, and tells members of the orders that they earned. */
export async function followPaidOrders(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  isStopped: () => boolean,
): Promise<void> {
  let told = 0
  const handle = async (events: readonly StoredEvent[], tx: Tx): Promise<void> => {
    const now = clock.now()
    const paid = events.filter(
      ({ kind, customerId, occurredAt, learntAt }) =>
        kind === 'order.paid' && customerId > 0 && learntAt.getTime() - occurredAt.getTime() < newsMs,
    )
    for (const [corpId, list] of Map.groupBy(paid, (event) => event.corpId)) await tellOfOrders(tx, corpId, list, now)
    told += paid.length
  }
  while (!isStopped() && told < ordersARound)
    if ((await followEvents(db, 'reach.app-messages', batch, handle)) < batch) return
}

async function tellOfOrders(tx: Tx, corpId: number, events: readonly StoredEvent[], now: Date): Promise<void> {
  const orders = events.map((event) => ({ event, told: orderOf(event) }))
  const earners = await earnersOf(
    tx,
    corpId,
    orders.map(({ event, told }) => ({ customerId: event.customerId, orderId: told.id, seller: told.seller })),
  )
  if (earners.length === 0) return
  const earnerOf = new Map(earners.map((one) => [one.orderId, one]))
  const zone = await zoneOfCorp(tx, corpId)
  const messages = orders.flatMap(({ event, told }) => {
    const earner = earnerOf.get(told.id)
    if (earner === undefined) return []
    const { userid, customerName } = earner
    const { minute } = localTime(event.occurredAt, zone)
    const time = [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':')
    return [
      {
        ...{ corpId, userid, customerId: event.customerId, kind: 'order.paid' as const },
        key: `order:${told.id}`,
        values: { 客户: customerName ?? '客户', 金额: (told.amount / 100).toFixed(2), 订单号: told.number, 时间: time },
      },
    ]
  })
  await tellStaff(tx, messages, now)
}

function orderOf({ payload }: StoredEvent) {
  const seller = payload['seller']
  return {
    id: Number(payload['orderId']),
    amount: Number(payload['amount'] ?? 0),
    number: String(payload['number'] ?? ''),
    seller: typeof seller === 'string' ? seller : null,
  }
}
