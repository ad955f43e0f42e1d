import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import type { Database, Tx } from '../../../infra/db/database.ts'
import { followEvents, type StoredEvent } from '../../../infra/events/follow.ts'
import type { Services } from '../../../infra/services.ts'
import { localTime } from '../../../infra/zone.ts'
import { noteChanges } from '../kept/changes.store.ts'
import { markOf } from '../rules/facts.ts'
import { latestSnapshot, lockValues, outgrown, type SnapshotReport, takeSnapshot } from './rfm.store.ts'
import { scoresOf } from './rfm.ts'
import { boughtOfCustomers, dropValues, tellTierChanges, tiersOf, writeValues } from './value.store.ts'
import { tierOf } from './value.ts'

/** The long operation that scores every buyer of a corp. */
export const valuesKind = 'rfm.refresh'

export function defineValues(services: Services): void {
  services.operations.define(valuesKind, async (run) => {
    const report = await refreshValues(services.db, run.corpId, services.clock.now(), `operation:${run.id}`)
    await run.progress({ done: report.buyers, total: report.buyers })
    return report
  })
}

/** RFM and value tiers of everybody, as of now. */
export async function refreshValues(db: Database, corpId: number, at: Date, cause: string): Promise<SnapshotReport> {
  const { dayNumber } = localTime(at, await zoneOfCorp(db, corpId))
  return db
    .transaction()
    .execute(async (tx) => takeSnapshot(tx, corpId, await tiersOf(tx, corpId), { today: dayNumber, at, cause }))
}

const batch = 500
const touching: ReadonlySet<string> = new Set([
  'order.paid',
  'order.refunded',
  'order.cancelled',
  'person.merged',
  'person.parted',
])

/** Who takes over into audiences what happened in other rooms: what is computed from audiences comes after it. */
export const fedBy = 'audiences.feed'

/** Scores buyers anew whose orders changed, by the latest snapshot's bounds. Answers how many events were read. */
export async function followOrders({ db, clock }: Pick<Services, 'db' | 'clock'>): Promise<number> {
  const handle = async (events: readonly StoredEvent[], tx: Tx): Promise<void> => {
    const told = events.filter((event) => touching.has(event.kind))
    for (const [corpId, list] of Map.groupBy(told, (event) => event.corpId)) {
      const homes = list.flatMap((event) => [event.customerId, ...homesIn(event.payload)])
      const at = clock.now()
      if (await outgrown(tx, corpId)) {
        const { dayNumber: today } = localTime(at, await zoneOfCorp(tx, corpId))
        await takeSnapshot(tx, corpId, await tiersOf(tx, corpId), { today, at, cause: 'order' })
      } else await valueCustomers(tx, corpId, [...new Set(homes)], at)
    }
  }
  // orders of homes that joined or parted are with their person once audiences have taken that over
  return followEvents(db, 'audiences.values', batch, handle, { behind: fedBy })
}

function homesIn(payload: Readonly<Record<string, unknown>>): readonly number[] {
  return [payload['homes'], payload['others'], payload['root']].flat().filter((one) => typeof one === 'number')
}

/** Before the first snapshot nobody is scored: there are no fifths yet. */
export async function valueCustomers(tx: Tx, corpId: number, customerIds: readonly number[], at: Date): Promise<void> {
  await lockValues(tx, corpId, false)
  const snapshot = await latestSnapshot(tx, corpId)
  if (!snapshot) return
  const tiers = await tiersOf(tx, corpId)
  const { dayNumber: today } = localTime(at, await zoneOfCorp(tx, corpId))
  const { bought, others } = await boughtOfCustomers(tx, corpId, customerIds, today)
  const values = bought.map((one) => {
    const scores = scoresOf(one, snapshot.bounds, today)
    return { ...one, scores, nextTier: tierOf(scores, one.net, tiers) }
  })
  const moved = await writeValues(tx, corpId, values, at)
  const gone = await dropValues(tx, corpId, others)
  const changes = [
    ...moved.map(({ customerId, tier, nextTier }) => ({ customerId, from: tier, tier: nextTier ?? null })),
    ...gone.filter(({ tier }) => tier !== null).map(({ customerId, tier }) => ({ customerId, from: tier, tier: null })),
  ]
  await noteChanges(
    tx,
    corpId,
    changes.flatMap(({ customerId, from, tier }) => [
      ...(from === null ? [] : [{ customerId, kind: 'mark', key: markOf.tier(from), present: false } as const]),
      ...(tier === null ? [] : [{ customerId, kind: 'mark', key: markOf.tier(tier), present: true } as const]),
    ]),
  )
  const nameOf = (id: string | null) => tiers.find((tier) => tier.id === id)?.name ?? null
  const told = changes.map((change) => ({ ...change, name: nameOf(change.tier) }))
  await tellTierChanges(tx, corpId, told, 'order', at)
}
