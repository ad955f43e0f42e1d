import type { Services } from '../../../infra/services.ts'
import { createBehaviourTaker } from '../behaviours.ingest.ts'
import { membersOfStaff } from '../corp-names.store.ts'
import { takeMembers } from '../members.ingest.ts'
import { takeOrders } from '../orders.ingest.ts'
import { takeProducts } from '../products.ingest.ts'
import type { Outcome, Teller } from '../rows.ts'
import type { Facts, Known } from './connector.ts'
import { type Progress, storesOfDepartments } from './connectors.store.ts'

type Needs = Pick<Services, 'db' | 'clock' | 'vault'>

export function knownTo({ db }: Pick<Services, 'db'>, corpId: number): Known {
  return {
    storesOf: (ids) => storesOfDepartments(db, corpId, ids),
    staffOf: (userids) => membersOfStaff(db, corpId, userids),
  }
}

const atOnce = 1_000
const timeFields = ['updated_at', 'at', 'ordered_at'] as const

function timeOf(fact: unknown): Date | undefined {
  for (const field of timeFields) {
    const text: unknown = typeof fact === 'object' && fact !== null ? Reflect.get(fact, field) : undefined
    const at = typeof text === 'string' ? Date.parse(text) : Number.NaN
    if (!Number.isNaN(at)) return new Date(at)
  }
  return undefined
}

function numberOf(fact: unknown): string {
  const number: unknown = typeof fact === 'object' && fact !== null ? Reflect.get(fact, 'number') : undefined
  return typeof number === 'string' ? number : ''
}

/** Takes what a connector brought, the way that /v1 takes it. Facts from before `from` are left out. */
export function createFactTaker(services: Needs) {
  const behaviours = createBehaviourTaker(services)
  const takers = {
    products: (teller: Teller, rows: readonly unknown[]) => takeProducts(services, teller, rows),
    members: (teller: Teller, rows: readonly unknown[]) => takeMembers(services, teller, rows),
    orders: (teller: Teller, rows: readonly unknown[]) => takeOrders(services, teller, rows),
    events: (teller: Teller, rows: readonly unknown[]) => behaviours(teller, rows),
  } as const satisfies Record<
    keyof Facts,
    (teller: Teller, rows: readonly unknown[]) => Promise<ReadonlyMap<number, Outcome>>
  >
  return async (teller: Teller, facts: Facts, from: Date | null): Promise<Progress> => {
    const done = { accepted: 0, unchanged: 0 }
    const faults: { number: string; fault: Extract<Outcome, { kind: 'rejected' }>['fault'] }[] = []
    let latest: Date | undefined
    let fresh: Date | undefined
    for (const kind of ['products', 'members', 'orders', 'events'] as const) {
      const wanted = (facts[kind] ?? []).filter(
        (fact) => from === null || (timeOf(fact)?.getTime() ?? Number.POSITIVE_INFINITY) >= from.getTime(),
      )
      for (let at = 0; at < wanted.length; at += atOnce) {
        const rows = wanted.slice(at, at + atOnce)
        for (const [place, outcome] of await takers[kind](teller, rows)) {
          const time = timeOf(rows[place])
          if (outcome.kind === 'rejected') faults.push({ number: numberOf(rows[place]), fault: outcome.fault })
          else done[outcome.kind] += 1
          if (time !== undefined && outcome.kind !== 'rejected' && (latest === undefined || time > latest))
            latest = time
          if (time !== undefined && outcome.kind === 'accepted' && (fresh === undefined || time < fresh)) fresh = time
        }
      }
    }
    const lagMs = fresh === undefined ? undefined : Math.max(0, services.clock.now().getTime() - fresh.getTime())
    return { ...done, faults, latestFactAt: latest, lagMs }
  }
}
