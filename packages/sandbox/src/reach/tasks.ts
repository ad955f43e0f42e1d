import type { Platform } from '../platform.ts'
import { awaitConfirmation, callOff, memberOf } from './asking.ts'
import type { Broadcast, Task } from './broadcasts.ts'
import { confirmsAt } from './habits.ts'
import { sendTask } from './sending.ts'

/** Every member learns of his task and will confirm it, or not, as he is. */
export function askMembers(platform: Platform, broadcast: Broadcast): void {
  for (const task of broadcast.tasks.values()) {
    const member = memberOf(platform, task)
    if (member !== undefined) task.dueMs = confirmsAt(platform, member, broadcast.msgid, broadcast.dispatchedAtMs)
    awaitTask(platform, broadcast, task)
  }
}

/** He is told once more: a late one does it soon, and who was set to another habit since follows it. */
export function remindMember(platform: Platform, broadcast: Broadcast, task: Task): void {
  const member = memberOf(platform, task)
  if (member === undefined || task.sentAtMs !== undefined) return
  const againMs = confirmsAt(platform, member, broadcast.msgid, platform.clock.now(), true)
  task.dueMs = againMs === undefined ? undefined : Math.min(againMs, task.dueMs ?? againMs)
  awaitTask(platform, broadcast, task)
}

/** Waits for whoever has not sent yet. */
export function awaitTask(platform: Platform, broadcast: Broadcast, task: Task): void {
  if (task.sentAtMs !== undefined || broadcast.cancelled) return
  awaitConfirmation(platform, task, () => sendTask(platform, broadcast, task))
}

/** Takes back what nobody has sent yet. */
export function cancel(broadcast: Broadcast): void {
  broadcast.cancelled = true
  for (const task of broadcast.tasks.values()) callOff(task)
}
