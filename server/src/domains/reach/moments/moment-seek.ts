import type { Client } from '@nuanyu/wecom'
import type { RunNeeds } from '../run/launch.ts'
import { match, textPrint } from '../run/print.ts'
import { findRuns, holdRun } from '../run/runs.store.ts'
import { printsOf } from '../run/seek.store.ts'
import { takenBackTasks } from '../run/taken-back.ts'
import type { Task } from '../run/task.ts'
import { changeTasks, planAnew, tasksOfMoment } from '../run/tasks.store.ts'
import { expectLate } from './late-moments.store.ts'
import type { Moment } from './moment.ts'
import { askedFrom } from './moment-jobs.ts'
import { publishingOf, strangers } from './moment-listing.ts'
import { changeMoment, closeMoment } from './moments.store.ts'
import { viewers } from './viewers.ts'

const minuteMs = 60_000
/** The platform makes a Moment in the background and lists it when it is done: it is not looked for before. */
const jobMs = minuteMs
/**
 * So long after it was asked for, and looked for this often, what is not at the platform was most likely never made; a first one
 * that comes later yet is known by its link (moment-late.ts).
 */
const neverMadeMs = 30 * minuteMs
const looks = 3
const againMs = 5 * minuteMs
const hourMs = 60 * minuteMs
/** So long after it the platform forgets a job (95094): what is not made by then never is. */
const dayMs = 24 * hourMs
/** The list is read from a little before the first lost one on: clocks differ. */
const beforeMs = 5 * minuteMs

/**
 * Finds out what became of Moments whose answer was lost. The list (93333) has no sender and no job: a Moment is known by the
 * token of its own link, without one by its words and by who is asked to publish it. What is not there long after is asked for
 * once more, under another attempt; should the platform make the first one after that, its link tells (moment-late.ts). One
 * without a link could not be told from the second: it is asked for again only when the platform has forgotten the first.
 */
export async function seekMoments(needs: RunNeeds, client: Client, taken: readonly Moment[]): Promise<void> {
  const { db, clock, log } = needs
  const left = taken.filter((one) => one.state === 'asking')
  for (const moment of left) await noteLost(needs, moment)
  const lost = taken.filter((one) => one.state === 'unknown')
  if (lost.length === 0) return
  try {
    const found = await find(needs, client, lost)
    for (const moment of lost) {
      const momentId = found.get(moment)
      if (momentId === undefined) await settleMissing(needs, moment)
      else await settleFound(needs, moment, momentId)
    }
  } catch (error) {
    log.warn({ err: error, moments: lost.length }, 'lost Moments could not be looked for; tried again')
    const nextAt = new Date(clock.now().getTime() + againMs)
    for (const moment of lost) await changeMoment(db, moment, { state: moment.state, nextAt })
  }
}

/** A process died with it in hand. */
async function noteLost({ db, clock, effects }: RunNeeds, moment: Moment): Promise<void> {
  const now = clock.now()
  const tasks = await tasksOfMoment(db, moment, ['asking'])
  const why = 'the process died'
  await db.transaction().execute(async (tx) => {
    await effects.settle(tx, [{ key: moment.effect ?? '', state: 'unknown', detail: { reason: why } }], now)
    await changeTasks(
      tx,
      tasks.map((task) => ({ ...keyOf(task), state: 'unknown' as const, nextAt: null })),
    )
    await changeMoment(tx, moment, { state: 'unknown', nextAt: new Date(now.getTime() + jobMs), why })
  })
}

const keyOf = ({ runId, number, state: from }: Task) => ({ runId, number, from })

async function find(
  { db, clock, platform }: RunNeeds,
  client: Client,
  lost: readonly Moment[],
): Promise<ReadonlyMap<Moment, string>> {
  const prints = await printsOf(
    db,
    lost.map(({ effect }) => effect ?? ''),
  )
  const asked = lost.map((moment) => ({
    ...{ key: moment.effect ?? '', askedAt: moment.askedAt ?? clock.now() },
    print: prints.get(moment.effect ?? '') ?? { links: [], text: '' },
  }))
  const corpId = lost[0]?.corpId ?? 0
  const { value } = await platform.limits(corpId)
  const from = Math.min(...asked.map(({ askedAt }) => askedAt.getTime())) - beforeMs
  const listed = await strangers(db, client, corpId, {
    from,
    until: clock.now().getTime(),
    limit: value('moment.list_page_max'),
  })
  const { sure, extra, maybe } = match(listed, asked)
  for (const moment_id of extra) await client.moments.cancel({ moment_id })
  const found = new Map<Moment, string>()
  for (const moment of lost) {
    const id = sure.get(moment.effect ?? '')
    if (id !== undefined) found.set(moment, id)
  }
  const texts = new Map(listed.map(({ msgid, text }) => [msgid, textPrint(text)]))
  for (const id of maybe) {
    const publishing = await publishingOf(client, id, value('moment.result_page_max'))
    // it is still being handed out: nobody can say whose it is
    if (publishing === undefined) throw new Error(`the Moment ${id} is being handed out`)
    for (const moment of lost) {
      if (found.has(moment)) continue
      const tasks = await tasksOfMoment(db, moment, ['unknown'])
      const same = texts.get(id) === prints.get(moment.effect ?? '')?.text
      if (!same || !tasks.some(({ sender }) => publishing.has(sender.toLowerCase()))) continue
      found.set(moment, id)
      break
    }
  }
  return found
}

/** Whom the platform left out, its first listing shows: the list of lost ones does not say. */
async function settleFound({ db, clock, effects }: RunNeeds, moment: Moment, momentId: string): Promise<void> {
  const now = clock.now()
  const tasks = await tasksOfMoment(db, moment, ['unknown'])
  await db.transaction().execute(async (tx) => {
    const run = await holdRun(tx, moment.runId)
    if (run === undefined) return
    await effects.settle(
      tx,
      [{ key: moment.effect ?? '', state: 'done', detail: { moment: momentId, found: true } }],
      now,
    )
    await changeTasks(
      tx,
      tasks.map((task) => askedFrom(run, task, momentId, now)),
    )
    await viewers.noteAsked(tx, tasks)
    await changeMoment(tx, moment, { state: 'asked', momentId, nextAt: now })
  })
}

async function settleMissing(needs: RunNeeds, moment: Moment): Promise<void> {
  const { db, clock, effects } = needs
  const now = clock.now()
  const age = now.getTime() - (moment.askedAt ?? now).getTime()
  const print = (await printsOf(db, [moment.effect ?? ''])).get(moment.effect ?? '')
  const linked = print !== undefined && print.links.length > 0
  if (age < (linked ? neverMadeMs : dayMs) || moment.sought + 1 < looks) {
    const nextAt = new Date(now.getTime() + (age < neverMadeMs ? againMs : hourMs))
    return changeMoment(db, moment, { state: 'unknown', sought: moment.sought + 1, nextAt })
  }
  await effects.settle(db, [{ key: moment.effect ?? '', state: 'refused', detail: { reason: 'never made' } }], now)
  const tasks = await tasksOfMoment(db, moment, ['unknown'])
  await planAnew(
    db,
    tasks.filter(({ ending }) => ending === null).map((task) => ({ ...task, nextAt: now })),
  )
  const runs = await findRuns(db, [moment.runId])
  await takenBackTasks(
    needs,
    new Map(runs.map((run) => [run.id, run])),
    tasks.filter(({ ending }) => ending !== null),
  )
  await db.transaction().execute(async (tx) => {
    await closeMoment(tx, moment, 'cancelled')
    // its links tell it from the next, should it come up yet (moment-late.ts); without any, its job is forgotten by now
    if (linked) await expectLate(tx, moment, now, new Date((moment.askedAt ?? now).getTime() + dayMs))
  })
}
