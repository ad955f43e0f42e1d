import { type Column, column, shorts, words } from '../world/columns.ts'

/** One mass message that arrived. */
export interface Delivery {
  /** Number of the customer or group it reached. */
  readonly to: number
  readonly staff: number
  /** Number of the mass send. */
  readonly broadcast: number
  /** Seconds since 1970. */
  readonly atS: number
}

/** Which of his mass messages it was, the first being 1. */
export interface DeliveryRow extends Delivery {
  readonly nth: number
}

/** Every mass message that arrived, some twenty bytes each: caps are counted from it, and campaigns judged whole. */
export interface Deliveries {
  readonly total: number
  /** Returns its number, from 0 on. */
  add(delivery: Delivery): number
  row(number: number): DeliveryRow
  /** How many of those that fit arrived from that second on; the newest are looked at first. */
  since(to: number, sinceS: number, fits?: (row: DeliveryRow) => boolean): number
  /** Numbers of what came to him from that number on, oldest first. */
  of(to: number, from: number): number[]
  dump(): readonly (readonly [to: number, staff: number, broadcast: number, atS: number])[]
  load(rows: ReturnType<Deliveries['dump']>): void
}

export function createDeliveries(): Deliveries {
  const to: Column = column(words, 0)
  const staff: Column = column(words, 0)
  const broadcast: Column = column(words, 0)
  const at: Column = column(words, 0)
  const nth: Column = column(shorts, 0)
  /** The one before of the same recipient, and by recipient his newest: numbers plus one, so that 0 is none. */
  const before: Column = column(words, 0)
  const newest: Column = column(words, 0)

  const read = (number: number): DeliveryRow => ({
    to: to.get(number),
    staff: staff.get(number),
    broadcast: broadcast.get(number),
    atS: at.get(number),
    nth: nth.get(number),
  })
  const all: Deliveries = {
    get total() {
      return to.length
    },
    row: read,
    add(delivery) {
      const number = to.length
      const last = newest.get(delivery.to)
      to.set(number, delivery.to)
      staff.set(number, delivery.staff)
      broadcast.set(number, delivery.broadcast)
      at.set(number, delivery.atS)
      before.set(number, last)
      nth.set(number, last === 0 ? 1 : nth.get(last - 1) + 1)
      newest.set(delivery.to, number + 1)
      return number
    },
    since(recipient, sinceS, fits) {
      let count = 0
      for (let next = newest.get(recipient); next !== 0; next = before.get(next - 1)) {
        if (at.get(next - 1) < sinceS) break
        if (fits === undefined || fits(read(next - 1))) count++
      }
      return count
    },
    of(recipient, from) {
      const numbers: number[] = []
      for (let next = newest.get(recipient); next > from; next = before.get(next - 1)) numbers.push(next - 1)
      return numbers.reverse()
    },
    dump: () =>
      Array.from({ length: to.length }, (_, n) => {
        const row = read(n)
        return [row.to, row.staff, row.broadcast, row.atS] as const
      }),
    load(rows) {
      for (const [recipient, member, number, atS] of rows)
        all.add({ to: recipient, staff: member, broadcast: number, atS })
    },
  }
  return all
}
