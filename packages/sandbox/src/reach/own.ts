import { refuse } from '../admin/refusal.ts'
import type { MemberTasks, OwnBroadcast } from '../admin/schema.reach.ts'
import { customersBehind } from '../people/directory.ts'
import type { Platform } from '../platform.ts'
import type { StaffMember } from '../world/staff.ts'
import { type Broadcast, newTask, type Task } from './broadcasts.ts'
import { appealOf } from './model.ts'
import { customersOf } from './plan.ts'
import { countsOf, sendTask } from './sending.ts'

/** What stands in the member's 群发助手, newest first; a task comes there when it has been dispatched. */
export function tasksOf({ reach, clock }: Platform, member: StaffMember): MemberTasks {
  const tasks = reach.broadcasts.all.flatMap((broadcast) => {
    const task = broadcast.tasks.get(member.index)
    return task === undefined || clock.now() < broadcast.dispatchedAtMs ? [] : [shown(broadcast, task)]
  })
  return { tasks: tasks.reverse() }
}

function shown(broadcast: Broadcast, task: Task): MemberTasks['tasks'][number] {
  const { sentAtMs, dueMs } = task
  const open = broadcast.cancelled ? ('cancelled' as const) : ('open' as const)
  return {
    msgid: broadcast.msgid,
    chatType: broadcast.chatType,
    text: broadcast.text,
    attachments: broadcast.attachments.length,
    madeAtMs: broadcast.madeAtMs,
    state: sentAtMs === undefined ? open : 'sent',
    ...(sentAtMs === undefined ? {} : { sentAtMs }),
    ...(dueMs === undefined || sentAtMs !== undefined ? {} : { dueMs }),
    reminders: broadcast.reminders.length,
    counts: countsOf(task),
  }
}

/** He confirms now, whatever his habits. */
export function confirmTask(platform: Platform, member: StaffMember, msgid: string): Task {
  const broadcast = platform.reach.broadcasts.get(msgid)
  const task = broadcast?.tasks.get(member.index)
  if (broadcast === undefined || task === undefined || platform.clock.now() < broadcast.dispatchedAtMs)
    throw refuse(404, 'task_unknown', `${member.userid} has no task ${msgid}`, '没有这个群发任务')
  if (broadcast.cancelled) throw refuse(409, 'cancelled', 'the task was cancelled', '该群发任务已停止')
  if (task.sentAtMs !== undefined) throw refuse(409, 'sent', 'the task was sent already', '该群发任务已发送')
  sendTask(platform, broadcast, task)
  return task
}

/** A member's own mass send goes out at once and counts for the caps like any other. */
export function sendOwn(
  platform: Platform,
  member: StaffMember,
  { text, customers, chatIds }: OwnBroadcast,
): Broadcast {
  const { reach, world, clock, settings } = platform
  const groups = chatIds ?? []
  for (const chatId of groups) {
    if (world.groups.get(chatId)?.owner !== member.userid)
      throw refuse(409, 'not_owner', `${member.userid} does not own ${chatId}`, '只能群发到自己是群主的客户群')
  }
  const named = customers && customersBehind(platform, customers)
  const targets =
    chatIds === undefined ? (named ?? [...customersOf(platform, [member.index], [])]) : groups.map((_, at) => at)
  const most = settings.limits.value('broadcast.client_customers_max')
  if (targets.length > most)
    throw refuse(
      409,
      'too_many',
      `one send of a member reaches at most ${most} customers`,
      `一次群发最多 ${most} 位客户`,
    )
  const task = newTask(member.index, targets)
  const broadcast = reach.broadcasts.add({
    msgid: world.newId('msg', 32),
    appKey: undefined,
    creator: member.userid,
    chatType: chatIds === undefined ? 'single' : 'group',
    chatIds: groups,
    text,
    attachments: [],
    allowSelect: false,
    appeal: appealOf(platform, text),
    madeAtMs: clock.now(),
    dispatchedAtMs: clock.now(),
    tasks: new Map([[member.index, task]]),
  })
  sendTask(platform, broadcast, task)
  return broadcast
}
