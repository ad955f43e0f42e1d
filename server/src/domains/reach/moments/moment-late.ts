import type { Client } from '@nuanyu/wecom'
import { passes } from '../../customers/index.ts'
import type { RunNeeds } from '../run/launch.ts'
import { match } from '../run/print.ts'
import { holdRun } from '../run/runs.store.ts'
import { printsOf } from '../run/seek.store.ts'
import { type Task, taskStates } from '../run/task.ts'
import { changeTasks, takeBackOpen, tasksOfMoment } from '../run/tasks.store.ts'
import { type Doubted, noteDoubt, noteLate } from './late-moments.store.ts'
import { tellTwice } from './moment.alarms.ts'
import { publishingOf, strangers } from './moment-listing.ts'
import { touchBeside, viewersOf } from './moment-results.ts'
import { closeMoment } from './moments.store.ts'
import { personsAt, type Viewer } from './viewers.store.ts'
import { viewers } from './viewers.ts'

/** How often it is looked for: whoever has not published it by then never will. Business time. */
const everyMs = 5 * 60_000
/** The list is read from before any attempt of these was asked for: their links tell them apart. */
const beforeMs = 2 * 24 * 3_600_000

/**
 * A Moment of which nobody heard is asked for anew after half an hour (moment-seek.ts), and the platform may make the first one
 * after that, as long as it keeps its job. It is looked for until then, whatever became of the second meanwhile: nothing more
 * of it goes out, and whom it reached is booked.
 */
export async function lookForLate(needs: RunNeeds, client: Client, taken: readonly Doubted[]): Promise<void> {
  const { db, clock, log } = needs
  for (const moment of taken) {
    try {
      for (const id of await lateOnes(needs, client, moment)) await takeOut(needs, client, moment, id)
    } catch (error) {
      if (!passes(error)) log.warn({ err: error, moment: moment.effect }, 'a late Moment was not settled; tried again')
    }
    const next = new Date(clock.now().getTime() + everyMs)
    await noteDoubt(db, moment, next > moment.lateUntil ? null : next)
  }
}

/** What stands at the platform with the link of this Moment and is not known as one of its attempts. */
async function lateOnes(
  { db, clock, platform }: RunNeeds,
  client: Client,
  { corpId, effect, lateUntil }: Doubted,
): Promise<readonly string[]> {
  const key = effect ?? ''
  const print = (await printsOf(db, [key])).get(key)
  if (print === undefined) return []
  const from = lateUntil.getTime() - beforeMs
  const limit = (await platform.limits(corpId)).value('moment.list_page_max')
  const listed = await strangers(db, client, corpId, { from, until: clock.now().getTime(), limit })
  const { sure, extra } = match(listed, [{ key, askedAt: new Date(from), print }])
  return [...sure.values(), ...extra]
}

/** Seen a second time, by somebody who published both. */
interface Twice {
  readonly task: Task
  readonly persons: readonly Viewer[]
}

/**
 * It is cancelled. Who published it before has done his part by it: what stands open of the second at him is taken back with
 * the whole of it, and made anew for the others. Whose people saw both is booked and told: that could not be prevented.
 */
async function takeOut(needs: RunNeeds, client: Client, moment: Doubted, late: string): Promise<void> {
  const { db, platform, log } = needs
  const { value } = await platform.limits(moment.corpId)
  await client.moments.cancel({ moment_id: late })
  const publishing = await publishingOf(client, late, value('moment.result_page_max'))
  if (publishing === undefined) throw new Error(`the Moment ${late} is being handed out`)
  const tasks = await tasksOfMoment(db, moment, taskStates)
  const by = tasks.filter(({ sender }) => publishing.get(sender.toLowerCase()) === true)
  const twice: Twice[] = []
  for (const task of by.filter(({ state }) => state === 'confirmed')) {
    const ids = await viewersOf(client, { moment_id: late, userid: task.sender }, value('moment.seen_page_max'))
    twice.push({ task, persons: await personsAt(db, moment.corpId, task.sender, ids) })
  }
  const done = by.filter(({ state }) => state !== 'confirmed')
  const open = tasks.filter((task) => task.state === 'asked' && !done.includes(task))
  // of others the whole is taken back at its next look; else nobody would
  if (done.some(({ state }) => state === 'asked') && open.length === 0 && moment.momentId !== null)
    await client.moments.cancel({ moment_id: moment.momentId })
  await settleLate(needs, moment, late, { done, open, twice })
  log.warn({ moment: moment.effect, late, published: by.length }, 'a Moment was made after it was asked for anew')
}

function settleLate(
  { db, clock }: RunNeeds,
  moment: Doubted,
  late: string,
  {
    done,
    open,
    twice,
  }: { readonly done: readonly Task[]; readonly open: readonly Task[]; readonly twice: readonly Twice[] },
): Promise<void> {
  const now = clock.now()
  return db.transaction().execute(async (tx) => {
    const run = await holdRun(tx, moment.runId)
    if (run === undefined) return
    await changeTasks(
      tx,
      done.map((task) => byLate(task, late, now)),
    )
    await viewers.noteAsked(tx, done)
    if (done.some(({ state }) => state === 'asked'))
      await takeBackOpen(tx, run.id, 'quiet', now, { numbers: open.map(({ number }) => number) })
    for (const { task, persons } of twice) await touchBeside(tx, run, task, persons, now)
    await noteLate(tx, moment, late)
    if (done.length > 0) await closeMoment(tx, moment, 'asked')
    if (twice.length > 0) await tellTwice(tx, run, moment, countsOf(twice), now)
  })
}

/** From now on what is read of his part is read of the one that he published. */
function byLate({ runId, number, state: from }: Task, msgid: string, now: Date) {
  return { runId, number, from, state: 'confirmed' as const, msgid, confirmedAt: now, nextAt: now, remindAt: null }
}

function countsOf(twice: readonly Twice[]) {
  const persons = new Set(twice.flatMap((one) => one.persons.map(({ customerId }) => customerId))).size
  return { members: twice.length, persons }
}
