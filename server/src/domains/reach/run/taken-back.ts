import type { Tx } from '../../../infra/db/database.ts'
import { addStaffTasks } from '../../workbench/index.ts'
import { tellStaff } from '../app-messages/app-messages.store.ts'
import { releaseTouches } from '../governor/reservations.store.ts'
import { hoursOf } from './brief.ts'
import { mayAskAt } from './hours.ts'
import type { RunNeeds } from './launch.ts'
import { managersOf } from './managers.store.ts'
import { partyOf } from './parties.ts'
import { holdRun, type Run } from './runs.store.ts'
import { afterTakingBack, type Task } from './task.ts'
import { changeTasks, planAnew } from './tasks.store.ts'

const dayMs = 24 * 3_600_000

/** The platform has taken these back before their members confirmed: what becomes of each says why it was. */
export async function takenBackTasks(
  needs: RunNeeds,
  runs: ReadonlyMap<number, Run>,
  tasks: readonly Task[],
): Promise<void> {
  const { db, clock } = needs
  for (const [runId, list] of Map.groupBy(tasks, (one) => one.runId)) {
    const known = runs.get(runId)
    if (known === undefined) continue
    const now = clock.now()
    const at = mayAskAt(await hoursOf(db, known, now), now) ?? new Date(now.getTime() + dayMs)
    const of = Map.groupBy(list, (one) => afterTakingBack(one.ending ?? 'cancelled'))
    const ended = [...(of.get('expired') ?? []), ...(of.get('cancelled') ?? [])]
    const offered = of.get('offer') ?? []
    await db.transaction().execute(async (tx) => {
      const run = await holdRun(tx, runId)
      if (run === undefined) return
      await planAnew(
        tx,
        (of.get('anew') ?? []).map((task) => ({ ...task, nextAt: at })),
      )
      await changeTasks(
        tx,
        [...ended, ...offered].map((task) => ({
          ...{ runId, number: task.number, from: task.state, nextAt: null, remindAt: null },
          state: task.ending === 'expired' ? 'expired' : task.ending === 'absent' ? 'failed' : 'cancelled',
          ...(task.ending === null ? {} : { why: task.ending }),
        })),
      )
      await releaseTouches(
        tx,
        runId,
        ended.map((one) => one.number),
      )
      await partyOf(run.spec).notGiven(
        needs,
        tx,
        run,
        offered.map((task) => ({ task })),
      )
      await tellManagers(tx, run, of.get('expired') ?? [], now)
    })
  }
}

/** Who did not confirm in time is for the manager of his store to speak to: it is on his list, and he is told. */
async function tellManagers(tx: Tx, run: Run, tasks: readonly Task[], createdAt: Date): Promise<void> {
  const kind = run.spec.kind === 'moment' ? ('campaign.unpublished' as const) : ('campaign.unconfirmed' as const)
  const managers = await managersOf(
    tx,
    run.corpId,
    tasks.map((one) => one.sender),
  )
  await addStaffTasks(
    tx,
    tasks.flatMap((task) => {
      const userid = managers.get(task.sender)?.manager ?? null
      if (userid === null) return []
      return [
        {
          ...{ corpId: run.corpId, userid, kind, key: `${run.id}:${task.number}` },
          ...{ customerId: undefined, createdAt },
          detail: { campaign: run.campaign, run: run.id, sender: task.sender, recipients: task.recipients },
        },
      ]
    }),
  )
  await tellStaff(
    tx,
    tasks.flatMap(({ number, sender, recipients }) => {
      const managed = managers.get(sender)
      if (managed === undefined || managed.manager === null) return []
      const { name, manager: userid } = managed
      return [
        {
          ...{ corpId: run.corpId, userid, kind, key: `${run.id}:${number}` },
          values: { 员工: name, 活动: run.campaign, 人数: String(recipients) },
        },
      ]
    }),
    createdAt,
  )
}
