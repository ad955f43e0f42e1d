import type { DomainEvent } from '../../infra/events/events.ts'
import { localTime } from '../../infra/zone.ts'
import type { Change } from '../audiences/index.ts'
import { countsAsBought, happeningsOf, type Order, type OrderState } from './orders.ts'

interface Placed {
  readonly order: Order
  readonly id: number
  readonly home: number
}

/** What audiences learn of an order: what was bought, net of what was given back; null when it does not count any more. */
export function boughtOf(
  { order, id, home }: Placed,
  fresh: boolean,
  roots: ReadonlyMap<number, number>,
  zone: string,
): Change {
  const customerId = roots.get(home) ?? home
  if (!countsAsBought(order)) return { kind: 'order', customerId, id, order: null }
  return {
    kind: 'order',
    customerId,
    id,
    fresh,
    order: {
      id,
      day: localTime(order.paidAt ?? order.orderedAt, zone).dayNumber,
      net: order.amount - order.refunded,
      // by its code: short, and what other systems call it
      store: order.store ?? undefined,
      channel: order.channel ?? undefined,
      lines: order.lines.map(({ product, category, amount, refunded }) => ({
        product,
        category,
        amount: Math.max(0, amount - refunded),
      })),
    },
  }
}

/** What happened to an order, for the log: by our own numbers and the source's, never by what was in it. */
export function eventsOf(
  corpId: number,
  cause: string,
  { order, id, home }: Placed,
  before: OrderState | undefined,
): readonly DomainEvent[] {
  return happeningsOf(before, order).map(({ kind, at, amount }) => ({
    kind,
    corpId,
    customerId: home,
    // who earned it stands in the payload: the event is everybody's who serves the customer
    staffUserid: undefined,
    occurredAt: at,
    cause,
    payload: {
      orderId: id,
      source: order.source,
      number: order.number,
      amount,
      ...(order.store === null ? {} : { storeCode: order.store }),
      ...(order.staff === null ? {} : { seller: order.staff }),
    },
  }))
}
