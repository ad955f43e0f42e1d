import { systemClock } from '../../infra/clock.ts'
import type { Tx } from '../../infra/db/database.ts'
import { tryOut } from '../../infra/db/trial.ts'
import { homesOfFacts } from '../commerce/index.ts'
import { recordFacts, standingFacts } from '../tags/index.ts'
import { namedBy, nobody } from './customer-row.ts'
import { readTagNames } from './customers.take.jobs.ts'
import { withoutErased } from './erased-rows.store.ts'
import { readRow, tagRowOf } from './rows.ts'
import {
  changed,
  fresh,
  inOrder,
  type SoundUnit,
  soundUnits,
  type Taker,
  type TakerJob,
  type TakerNeeds,
  type Unit,
  type UnitOutcome,
  unchanged,
} from './taker.ts'

/** Tags of people: each row says of one person that he has tags, or has them no longer. */
export async function tagsTaker(services: TakerNeeds, job: TakerJob): Promise<Taker> {
  const { id, corpId, createdAt } = job.import
  const { vault, clock } = services
  const names = await readTagNames(services.db, corpId)
  const read = (cells: ReadonlyMap<string, string>) => {
    const { customer, group, tags, says } = tagRowOf(cells)
    const identities = namedBy(customer, vault)
    if (identities.length === 0) throw nobody()
    return { identities, says, tagIds: tags.map((tag) => names.find('tag', group, tag)) }
  }
  const write = async (
    tx: Tx,
    given: readonly SoundUnit<ReturnType<typeof read>>[],
    outcomes: Map<Unit, UnitOutcome>,
  ) => {
    const sound = await withoutErased(tx, vault, corpId, given, outcomes)
    const homes = await homesOfFacts(
      tx,
      { corpId, vault, now: clock.now() },
      sound.map(({ unit, row }) => ({
        identities: row.identities,
        told: 'import',
        reference: `${id}:${unit.line}`,
        at: createdAt,
      })),
    )
    const standing = await standingFacts(tx, corpId, homes, 'import')
    const words = sound.map(({ unit, row }, at) => {
      const customerId = homes[at]
      if (customerId === undefined) throw new Error(`row ${unit.line} has no home`)
      const before = row.tagIds.map((tagId) => standing.get(`${customerId} ${tagId}`))
      const same = before.every((says) => says === row.says)
      outcomes.set(unit, same ? unchanged : before.some((says) => says !== undefined) ? changed : fresh)
      for (const tagId of row.tagIds) standing.set(`${customerId} ${tagId}`, row.says)
      return row.tagIds.map((tagId) => ({ customerId, tagId, says: row.says }))
    })
    // of two rows that say the opposite the later one counts, as it does in two files
    const last = new Map(words.flat().map((word) => [`${word.customerId} ${word.tagId}`, word]))
    await recordFacts(
      tx,
      corpId,
      [...last.values()].map((word) => ({
        ...word,
        ...{ source: 'import', reference: 'import', at: createdAt, evidence: { import: id } },
      })),
      systemClock.now(),
    )
  }
  return {
    chunk: 1_000,
    async take(units, settle) {
      const outcomes = new Map<Unit, UnitOutcome>()
      const sound = soundUnits(units, (unit) => readRow(() => read(unit.rows[0] ?? new Map())), outcomes)
      if (job.trial) {
        await tryOut(services.database, (db) => db.transaction().execute((tx) => write(tx, sound, outcomes)))
        return settle(inOrder(units, outcomes))
      }
      await services.db.transaction().execute(async (tx) => {
        await write(tx, sound, outcomes)
        await settle(inOrder(units, outcomes), tx)
      })
    },
  }
}
