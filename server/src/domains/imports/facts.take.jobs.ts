import { tryOut } from '../../infra/db/trial.ts'
import { knownNumbers, takeMembers, takeOrders } from '../commerce/index.ts'
import { memberOf, orderOf, type ReadingContext, readRow } from './rows.ts'
import {
  changed,
  fresh,
  inOrder,
  rejected,
  soundUnits,
  type Taker,
  type TakerJob,
  type TakerNeeds,
  type Unit,
  type UnitOutcome,
  unchanged,
} from './taker.ts'

type Told = ReturnType<typeof orderOf> | ReturnType<typeof memberOf>

/** Orders and members go the way that other systems' do; a trial goes it too, and is taken back. */
export function factsTaker(services: TakerNeeds, job: TakerJob, of: 'orders' | 'members'): Taker {
  const { id, corpId, createdAt } = job.import
  const context: ReadingContext = { zone: job.zone, updatedAt: createdAt.toISOString(), source: 'import' }
  const read = ({ rows }: Unit): Told =>
    of === 'orders' ? orderOf(rows, context) : memberOf(rows[0] ?? new Map(), context)
  const take = of === 'orders' ? takeOrders : takeMembers
  return {
    chunk: 1_000,
    async take(units, settle) {
      const outcomes = new Map<Unit, UnitOutcome>()
      const sound = soundUnits(units, (unit) => readRow(() => read(unit)), outcomes)
      const rows = sound.map(({ row }) => row)
      const numbers = rows.flatMap(({ number }) => number ?? [])
      const known = new Set(await knownNumbers(services.db, corpId, of, context.source, numbers))
      const teller = { corpId, cause: `import:${id}` }
      const told = job.trial
        ? await tryOut(services.database, (db) => take({ ...services, db }, teller, rows))
        : await take(services, teller, rows)
      for (const [at, { unit, row }] of sound.entries()) {
        const outcome = told.get(at)
        if (outcome === undefined) throw new Error(`row ${unit.line} has no outcome`)
        const { number = '' } = row
        outcomes.set(
          unit,
          outcome.kind === 'rejected'
            ? rejected(outcome.fault)
            : outcome.kind === 'unchanged'
              ? unchanged
              : known.has(number)
                ? changed
                : fresh,
        )
        known.add(number)
      }
      await settle(inOrder(units, outcomes))
    },
  }
}
