import type { Tx } from '../../../infra/db/database.ts'
import { tellStaff } from '../app-messages/app-messages.store.ts'
import { toldOf } from './managers.store.ts'
import type { Run } from './runs.store.ts'
import type { Task } from './task.ts'

/** What somebody has now of a member who is absent. */
export type TakenOver = Pick<Task, 'number' | 'sender' | 'recipients'>

/**
 * Tasks of somebody who is absent went to others: each of them is told whose customers he has now, and whoever is told of the
 * absent member (`toldOf`) what became of them.
 */
export async function tellReassigned(
  tx: Tx,
  run: Run,
  task: Task,
  made: readonly TakenOver[],
  listed: number,
  at: Date,
): Promise<void> {
  const { corpId, campaign, spec } = run
  const answerable = await toldOf(tx, run, [task.sender, ...made.map(({ sender }) => sender)], at)
  const nameOf = (userid: string) => answerable.get(userid)?.name ?? userid
  const manager = answerable.get(task.sender)?.told ?? null
  const of = { 员工: nameOf(task.sender), 活动: campaign }
  const moved = made.reduce((sum, one) => sum + one.recipients, 0)
  await tellStaff(
    tx,
    [
      // who publishes a Moment hears of it when it is there to be published
      ...(spec.kind === 'moment' ? [] : made).map((one) => ({
        ...{ corpId, userid: one.sender, kind: 'campaign.taken_over' as const, key: `${run.id}:${one.number}` },
        values: { ...of, 人数: String(one.recipients) },
      })),
      ...(manager === null
        ? []
        : [
            {
              ...{ corpId, userid: manager, kind: 'campaign.reassigned' as const, key: `${run.id}:${task.number}` },
              values: {
                ...of,
                ...{ 人数: String(moved), 未发: String(listed) },
                接手: [...new Set(made.map(({ sender }) => nameOf(sender)))].join('、') || '—',
              },
            },
          ]),
    ],
    at,
  )
}
