import type { Client } from '@nuanyu/wecom'
import type { Tx } from '../../../infra/db/database.ts'
import { sendStatus } from '../campaigns/recipient.ts'
import { givenUpOf, holdTask, isAsking, keepLate, listedLate, noteLate, planLate, takeLate } from './late.store.ts'
import type { RunNeeds } from './launch.ts'
import { confirmedAt, type ReadStatus, readAll, takeBack } from './looks.ts'
import { messagesOf } from './parties.ts'
import { taskKey } from './recipients.store.ts'
import { clearTwice, raiseTwice } from './run.alarms.ts'
import { findRuns, holdRun, type Run } from './runs.store.ts'
import { type Found, findSends, offerUnlisted } from './seek.ts'
import { nextLook, nextReading, type Task } from './task.ts'

const minuteMs = 60_000
/** So long after it was asked for, what is in no list is not expected any more. */
const lateMs = 72 * 60 * minuteMs
/** Longer than one look takes; what was in other hands at its end is looked for again after this. */
const holdMs = 10 * minuteMs
/** What was made just now may be what is being asked for at this moment: it is left to the next look. */
const youngMs = 5 * minuteMs

/**
 * Looks for sends that came into the list after they had been given up and asked for anew: a member stands before two of the
 * same. One that he has not confirmed is taken back; of two of which he confirmed the first, the second is; where he confirmed
 * both, whom they reached was touched twice, and a person is told. Often while they are young, and for three days.
 */
export async function lookForLate(needs: RunNeeds, client: Client, corpId: number): Promise<void> {
  const { db, clock, log } = needs
  const now = clock.now()
  const tasks = await takeLate(db, corpId, now, new Date(now.getTime() + holdMs))
  if (tasks.length === 0) return
  const givenUp = await givenUpOf(db, tasks, new Date(now.getTime() - lateMs))
  // words alone do not tell it from what is being asked for
  const asking = await isAsking(db, corpId)
  const wanted = tasks.flatMap((task): readonly Task[] => {
    const one = givenUp.get(taskKey(task))
    if (one === undefined || one.listed || task.state === 'asking' || task.state === 'unknown') return []
    return one.linked || !asking ? [{ ...task, effect: one.effect, askedAt: one.askedAt }] : []
  })
  const failed = (task?: Task) => (err: unknown) =>
    log.warn({ err, corpId, task: task?.effect }, 'what is listed late could not be looked for; tried again')
  const runs = new Map((await findRuns(db, [...new Set(wanted.map(({ runId }) => runId))])).map((run) => [run.id, run]))
  try {
    for (const [party, own] of Map.groupBy(wanted, ({ runId }) => messagesOf(runs.get(runId)?.spec))) {
      const { found } = await findSends(needs, client, party, own, new Date(now.getTime() - youngMs))
      for (const one of found) {
        const run = runs.get(one.task.runId)
        if (run !== undefined) await settleLate(needs, client, run, one).catch(failed(one.task))
      }
    }
  } catch (error) {
    failed()(error)
  }
  const over = tasks.filter((task) => !givenUp.has(taskKey(task)))
  await clearTwice(db, corpId, over, now)
  await planLate(
    db,
    tasks.map((task) => ({ ...task, lateAt: over.includes(task) ? null : nextLook(task, now) })),
  )
}

/** What becomes of one; `task` bears the effect by which it was asked for. */
async function settleLate(needs: RunNeeds, client: Client, run: Run, { task, msgid, listed }: Found): Promise<void> {
  const { db, clock, effects, log, platform } = needs
  const now = clock.now()
  const effect = task.effect ?? ''
  const late = { msgid, effect }
  const became = (became: 'taken back' | 'the task' | 'a second one') => ({
    ...{ key: effect, state: 'done' as const },
    detail: { msgid, reason: listedLate, became },
  })
  const at = await confirmedOrBack(client, task, msgid, now)
  if (at === undefined) {
    log.info({ task: effect, msgid }, 'a send that was listed late was taken back')
    await db.transaction().execute(async (tx) => {
      await noteLate(tx, task, msgid)
      await effects.settle(tx, [became('taken back')], now)
    })
    return
  }
  const limit = (await platform.limits(run.corpId)).value('broadcast.result_page_max')
  const told = await readAll(client, { msgid, userid: task.sender, limit })
  if (await isSecond(client, task, now)) {
    await db.transaction().execute(async (tx) => {
      await holdTask(tx, task)
      await tellTwice(needs, tx, run, task, told, at)
      // whoever is still waiting in it is read again
      if (told.some(({ status }) => status === sendStatus.unsent) && nextReading(at, now) !== undefined) return
      await noteLate(tx, task, msgid)
      await effects.settle(tx, [became('a second one')], now)
    })
    return
  }
  const party = messagesOf(run.spec)
  await db.transaction().execute(async (tx) => {
    const held = await holdRun(tx, run.id)
    if (held === undefined || !(await keepLate(tx, task, late, at, now))) return
    await party.noteAsked(tx, [task])
    const its = new Set((await party.idsOf(tx, run.id, [task.number])).get(task.number))
    // of a run that is over nothing is offered to anybody
    if (held.endedAt === null) await offerUnlisted(needs, tx, held, [{ task, msgid, listed }])
    const others = told.filter(({ id }) => !its.has(id))
    await tellTwice(needs, tx, run, task, others, at)
    await effects.settle(tx, [became('the task')], now)
  })
}

/** When its member confirmed a send; undefined: he had not, and it was taken back. He may confirm in that very second. */
async function confirmedOrBack(client: Client, task: Task, msgid: string, now: Date): Promise<Date | undefined> {
  const at = await confirmedAt(client, task, msgid, now)
  if (at !== undefined) return at
  await takeBack(client, msgid)
  return confirmedAt(client, task, msgid, now)
}

/** Whether another send of the task reached its people, or was given to others, before; what its member has open is taken back. */
async function isSecond(client: Client, task: Task, now: Date): Promise<boolean> {
  if (task.state !== 'asked' || task.msgid === null) return task.state === 'confirmed' || task.state === 'failed'
  return (await confirmedOrBack(client, task, task.msgid, now)) !== undefined
}

/** Whom a send reached besides what its task did. */
async function tellTwice(
  needs: RunNeeds,
  tx: Tx,
  run: Run,
  task: Task,
  told: readonly ReadStatus[],
  at: Date,
): Promise<void> {
  const reached = await messagesOf(run.spec).bookAgain(needs, tx, run, task, told, at)
  if (reached > 0) await raiseTwice(tx, run, { number: task.number, sender: task.sender, reached }, needs.clock.now())
}
