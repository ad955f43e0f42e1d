import type { Tx } from '../../../infra/db/database.ts'
import { addStaffTasks } from '../../workbench/index.ts'
import { tellStaff } from '../app-messages/app-messages.store.ts'
import { releaseTouches } from '../governor/reservations.store.ts'
import { hoursOf } from './brief.ts'
import { mayAskAt } from './hours.ts'
import type { RunNeeds } from './launch.ts'
import { noteTold, toldOf, untoldOf } from './managers.store.ts'
import { partyOf } from './parties.ts'
import { tellUntold } from './run.alarms.ts'
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

/** Who did not confirm in time is for somebody to speak to: it is on that one's list, he is told, and the run says who he is. */
async function tellManagers(tx: Tx, run: Run, tasks: readonly Task[], createdAt: Date): Promise<void> {
  if (tasks.length === 0) return
  const kind = run.spec.kind === 'moment' ? ('campaign.unpublished' as const) : ('campaign.unconfirmed' as const)
  const answerable = await toldOf(
    tx,
    run,
    tasks.map((one) => one.sender),
    createdAt,
  )
  const of = tasks.map((task) => ({ ...task, ...(answerable.get(task.sender) ?? { ...nobody, name: task.sender }) }))
  const told = of.flatMap((one) => (one.told === null ? [] : [{ ...one, told: one.told }]))
  const about = ({ number, told: userid }: (typeof told)[number]) => ({
    ...{ corpId: run.corpId, userid, kind, key: `${run.id}:${number}` },
  })
  await addStaffTasks(
    tx,
    told.map((one) => ({
      ...{ ...about(one), customerId: undefined, createdAt },
      detail: { campaign: run.campaign, run: run.id, sender: one.sender, recipients: one.recipients },
    })),
  )
  await tellStaff(
    tx,
    told.map((one) => ({
      ...about(one),
      values: { 员工: one.name, 活动: run.campaign, 人数: String(one.recipients) },
    })),
    createdAt,
  )
  await noteTold(tx, run.id, of)
  await tellUntold(tx, run, await untoldOf(tx, run.id), createdAt)
}

const nobody = { told: null, as: 'nobody' } as const
