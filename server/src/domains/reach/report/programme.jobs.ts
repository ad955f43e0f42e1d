import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import type { Services } from '../../../infra/services.ts'
import { businessDay } from '../../../infra/zone.ts'
import { globalSeed } from '../plan/bucket.ts'
import { reachSettings } from '../settings/settings.store.ts'
import { spendingDifference } from './bootstrap.ts'
import {
  corpsWithRuns,
  countProgramme,
  firstMarketing,
  type Held,
  keepProgramme,
  programmeOf,
} from './programme.store.ts'
import { quarterOf } from './programme.ts'
import { lockReports, roomToWork } from './runs.store.ts'

const quarterMs = 93 * 86_400_000

type Needs = Pick<Services, 'db' | 'clock'>

/** What all marketing of the quarter came to, for the first time: who looks would wait for the night otherwise. */
export async function beginProgrammes({ db, clock }: Needs): Promise<void> {
  for (const corpId of await corpsWithRuns(db, new Date(clock.now().getTime() - quarterMs))) {
    const { name } = quarterOf(clock.now(), await zoneOfCorp(db, corpId))
    if ((await programmeOf(db, corpId, name)) === undefined) await workOutProgramme({ db, clock }, corpId)
  }
}

/** Works it out anew and keeps it; nothing where nobody is held out, or no campaign of the quarter has begun. */
export async function workOutProgramme({ db, clock }: Needs, corpId: number): Promise<void> {
  const now = clock.now()
  const zone = await zoneOfCorp(db, corpId)
  const quarter = quarterOf(now, zone)
  const began = await firstMarketing(db, corpId, quarter.from)
  if (began === undefined) return
  const { globalHoldoutPermille: set } = await reachSettings(db, corpId)
  // every round asks: it must not wait for a report of the corp to say nothing
  if (set === 0 && (await programmeOf(db, corpId, quarter.name)) === undefined) return
  await db.transaction().execute(async (tx) => {
    await lockReports(tx, corpId)
    await roomToWork(tx)
    const kept = await programmeOf(tx, corpId, quarter.name)
    const held: Held = { least: Math.min(set, kept?.held.least ?? set), most: Math.max(set, kept?.held.most ?? set) }
    const seed = globalSeed(corpId, businessDay(now, zone))
    const { figures, spent } = await countProgramme(tx, corpId, { seed, held, began, asOf: now })
    const gmv_person = spendingDifference(spent.others, spent.held, corpId) ?? null
    await keepProgramme(tx, corpId, quarter.name, { asOf: now, held, figures: { ...figures, gmv_person } })
  })
}
