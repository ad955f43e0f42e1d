import { randomUUID } from 'node:crypto'
import type { Tx } from '../../../infra/db/database.ts'
import type { OperationRun } from '../../../infra/operations/operations.ts'
import type { Services } from '../../../infra/services.ts'
import { lockReserving, reserveTouches } from '../governor/reservations.store.ts'
import { noteVerdicts } from '../governor/verdicts.store.ts'
import { draftTables, dropDrafts } from './draft.store.ts'
import { decideHeld, nextHeld, poolHeld } from './held.store.ts'
import { releaseGroups } from './held-groups.ts'
import { inputOf, markGoverned, type PlanRequest } from './planning.ts'
import { addMoments, taskMost } from './planning-moments.ts'
import { findRun, lockAttempt } from './runs.store.ts'
import { makeSenders } from './senders.store.ts'
import { markCanary } from './write.store.ts'

/** The kind in the due table, its key is the run; and of the operation that follows. */
export const heldDue = 'campaign.held'

type Needs = Pick<Services, 'db' | 'clock' | 'due'>

/** When those whom a run holds are to be looked at; those of the same quarter of an hour together. */
export async function scheduleHeld(
  { due, clock }: Pick<Needs, 'due' | 'clock'>,
  tx: Tx,
  run: { readonly id: number; readonly corpId: number },
) {
  const at = await nextHeld(tx, run.id)
  if (at === undefined) return
  const least = clock.now().getTime() + quarterMs
  await due.schedule(tx, [
    { corpId: run.corpId, kind: heldDue, key: String(run.id), at: new Date(Math.max(at.getTime(), least)) },
  ])
}
const quarterMs = 15 * 60_000

/** Who was held until now, a person or a group, is decided about again: he gets it, waits on, or is dropped. */
export async function releaseHeld(
  { db, clock, due }: Needs,
  run: OperationRun<PlanRequest>,
  goOn: (tx: Tx, runId: number) => Promise<void>,
): Promise<unknown> {
  const { runId } = run.input
  return db.transaction().execute(async (tx) => {
    await lockAttempt(tx, runId)
    const found = await findRun(tx, run.corpId, runId)
    if (found?.plan == null || found.rehearsal || !['planned', 'canary', 'running', 'paused'].includes(found.state))
      return { released: false }
    await lockReserving(tx, run.corpId)
    const now = clock.now()
    const { input, limits, today } = await inputOf(tx, found, now, new Date(found.plan.at))
    if (input.spec.kind === 'group_send') {
      const { members: table } = draftTables(runId, randomUUID().slice(0, 8))
      const mark = () =>
        markGoverned(tx, { table, input, today }, async (steps) => {
          for (const one of steps) await one(tx)
        })
      const groups = await releaseGroups(tx, { found, input, limits, mark }, now)
      await dropDrafts(tx, runId)
      if (groups !== undefined) await goOn(tx, runId)
      await scheduleHeld({ due, clock }, tx, { id: runId, corpId: run.corpId })
      return { released: groups !== undefined, ...groups }
    }
    const span = await poolHeld(tx, runId, now)
    if (span === undefined) return { released: false }
    const tables = draftTables(runId, randomUUID().slice(0, 8))
    await makeSenders(tx, tables, input)
    const { after, ...told } = await decideHeld(tx, tables, input, span, taskMost(input.spec, limits))
    await dropDrafts(tx, runId)
    const { canary } = input.spec
    // all of it was held, so none of it is a canary yet
    if (canary !== null && after === 0 && told.sentTo > 0) await markCanary(tx, runId, canary.permille)
    if (input.spec.kind === 'moment') await addMoments(tx, input, limits, now)
    if (told.sentTo > 0) await reserveTouches(tx, runId, after)
    await goOn(tx, runId)
    await noteVerdicts(tx, runId, now, 'released')
    await scheduleHeld({ due, clock }, tx, { id: runId, corpId: run.corpId })
    return { released: true, ...told }
  })
}
