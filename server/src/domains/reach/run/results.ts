import type { Client } from '@nuanyu/wecom'
import type { RunNeeds } from './launch.ts'
import { look, type ReadResults, type Seen } from './looks.ts'
import { messagesOf } from './parties.ts'
import { leftOf } from './results.store.ts'
import { findRuns, type Run } from './runs.store.ts'
import { takenBackTasks } from './taken-back.ts'
import { nextLook, nextReading, nextReminder, type RemindLimit, type Task } from './task.ts'
import { changeTasks, letGo, noteReminder, type TaskChange } from './tasks.store.ts'

/** Calls of one batch that are under way at a time. */
const atOnce = 24

/**
 * One round over these tasks: what the platform says of each, and what follows. Who confirmed is read from one call a task;
 * what became of people only where a member has confirmed.
 */
export async function lookAtTasks(needs: RunNeeds, client: Client, tasks: readonly Task[]): Promise<void> {
  const [first] = tasks
  if (first === undefined) return
  const { db, clock, log, platform } = needs
  const { value } = await platform.limits(first.corpId)
  const pageSize = value('broadcast.result_page_max')
  const remind = { most: value('broadcast.reminds'), windowMs: value('broadcast.remind_window_s') * 1_000 }
  const runs = new Map((await findRuns(db, [...new Set(tasks.map((one) => one.runId))])).map((run) => [run.id, run]))
  const waiting = [...tasks]
  const open: (TaskChange & { readonly from: Task['state'] })[] = []
  const later: Task[] = []
  const back: Task[] = []
  const work = async () => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      try {
        const reminding = () => noteReminder(db, task)
        const seen = await look(client, task, { now: clock.now(), pageSize, reminding })
        const run = runs.get(task.runId)
        if (run === undefined) continue
        if (seen.kind === 'confirmed') await takeIn(needs, run, task, seen)
        else if (seen.kind === 'taken_back') back.push(task)
        else if (seen.kind === 'later') later.push(task)
        else open.push(changeOf(run, task, seen, remind, clock.now()))
      } catch (error) {
        log.warn({ err: error, task: task.effect }, 'a task of a campaign could not be looked at; tried again')
        later.push(task)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, tasks.length) }, work))
  await changeTasks(db, open)
  await letGo(db, later, new Date(clock.now().getTime() + laterMs))
  await takenBackTasks(needs, runs, back)
}

/** A busy platform, or a task that is still being handed out, is asked again after this. Business time. */
const laterMs = 60_000

function changeOf(
  run: Run,
  task: Task,
  seen: Exclude<Seen, { kind: 'confirmed' | 'later' | 'taken_back' }>,
  limit: RemindLimit,
  now: Date,
): TaskChange & { readonly from: Task['state'] } {
  const key = { runId: task.runId, number: task.number, from: task.state }
  if (seen.kind === 'gone') {
    const settled = task.state === 'confirmed'
    return {
      ...key,
      ...{ state: settled ? 'confirmed' : 'failed', nextAt: null, why: seen.why },
      ...(settled ? { settledAt: now } : {}),
    }
  }
  const reminded = task.reminded + (seen.reminded ? 1 : 0)
  const remindAt =
    task.askedAt === null || task.expiresAt === null
      ? null
      : nextReminder({ askedAt: task.askedAt, expiresAt: task.expiresAt, reminded }, run.spec.reminders, limit)
  const look = nextLook(task, now)
  const nextAt = remindAt !== null && remindAt < look ? remindAt : look
  return { ...key, state: 'asked', nextAt, reminded, remindAt }
}

/** A member has confirmed: what became of his people, as far as it was read; one task a transaction, as touches ask. */
async function takeIn(
  { db, clock, vault }: RunNeeds,
  run: Run,
  task: Task,
  { at, results }: { readonly at: Date; readonly results: ReadResults | undefined },
): Promise<void> {
  const now = clock.now()
  const party = messagesOf(run.spec)
  await db.transaction().execute(async (tx) => {
    if (results !== undefined) await party.takeIn({ clock, vault }, tx, run, task, results.statuses, at)
    const left = await leftOf(tx, task)
    await changeTasks(tx, [{ from: task.state, ...afterReading(task, at, results, now, left) }])
  })
}

/** Results are read to their end, over rounds; of whom nothing final is told yet, of any page, it may be for a day. */
function afterReading(task: Task, at: Date, results: ReadResults | undefined, now: Date, left: number): TaskChange {
  const key = { runId: task.runId, number: task.number, state: 'confirmed' as const, confirmedAt: at, remindAt: null }
  if (results === undefined) return { ...key, nextAt: now }
  // a task of very many people is read over rounds: no member takes more than his calls of one
  if (results.next !== undefined) return { ...key, nextAt: new Date(now.getTime() + laterMs), cursor: results.next }
  const again = left > 0 ? nextReading(at, now) : undefined
  return again === undefined
    ? { ...key, nextAt: null, settledAt: now, cursor: null }
    : { ...key, nextAt: again, cursor: null }
}
