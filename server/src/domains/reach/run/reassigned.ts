import type { Tx } from '../../../infra/db/database.ts'
import { tellStaff } from '../app-messages/app-messages.store.ts'
import { managersOf, setManagerOf } from './managers.store.ts'
import type { NewTask } from './offers.store.ts'
import type { Run } from './runs.store.ts'
import type { Task } from './task.ts'

/**
 * Tasks of somebody who is absent went to others: each of them is told whose customers he has now, and the manager of the
 * sender set (without a set: of the member's store) what became of them.
 */
export async function tellReassigned(
  tx: Tx,
  run: Run,
  task: Task,
  made: readonly NewTask[],
  listed: number,
  at: Date,
): Promise<void> {
  const { corpId, campaign, spec } = run
  const names = await managersOf(tx, corpId, [task.sender, ...made.map(({ sender }) => sender)])
  const nameOf = (userid: string) => names.get(userid)?.name ?? userid
  const manager =
    spec.senders.set === null
      ? (names.get(task.sender)?.manager ?? null)
      : await setManagerOf(tx, corpId, spec.senders.set)
  const of = { 员工: nameOf(task.sender), 活动: campaign }
  const moved = made.reduce((sum, one) => sum + one.recipients, 0)
  await tellStaff(
    tx,
    [
      ...made.map((one) => ({
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
