import { type Client, UnknownOutcomeError } from '@nuanyu/wecom'
import { createRounds, type Rounds } from '../../../infra/rounds.ts'
import type { Services } from '../../../infra/services.ts'
import { homesOfPersons, passes } from '../../customers/index.ts'
import { findPassingTag, makePassingTag, putPassingTag, removePassingTag } from '../../tags/index.ts'
import { withoutAbsent } from '../run/absent.ts'
import { errcodeOf } from '../run/answers.ts'
import type { RunNeeds } from '../run/launch.ts'
import { livingRelations } from '../run/offers.store.ts'
import { changeRun, findRuns, holdRun } from '../run/runs.store.ts'
import { haltRun } from '../run/steer.ts'
import { tasksOfMoment } from '../run/tasks.store.ts'
import { clearTagLeft, tellTagLeft } from './moment.alarms.ts'
import * as store from './own-tags.store.ts'

/** How often to look, in machine time. */
const lookMs = 1_000
/** Longer than a batch may take at the slowest: only a process that died lets it pass. */
const leaseMs = 120_000
const batch = 400
/** What the platform has no answer to now is tried again after this; what it refuses, after that. Machine time. */
const soonMs = 2_000
const laterMs = 600_000
/** There is no such tag (any more). */
const noTag = 40068

type Needs = RunNeeds & Pick<Services, 'pressure'>

/**
 * Puts the own tags of Moments on whom they are for, and takes them from everybody when their run is over. Any number of
 * processes may do so: each has a Moment for itself, and whoever takes over from a dead one goes on after its last batch.
 */
export function createMomentTags(services: Needs): Rounds {
  const { db, clock, platform, pressure } = services
  const taking = (): store.Take => ({ at: clock.now(), machine: new Date(), leaseMs })

  const eachOf = async (
    corpId: number,
    what: 'mark' | 'unmark',
    work: (moment: store.Tagging) => Promise<void>,
  ): Promise<void> => {
    while (!rounds.isStopped()) {
      const moment = await store.takeTagging(db, corpId, what, taking())
      if (moment === undefined) return
      await work(moment)
    }
  }
  const markAll = async (client: Client, given: store.Tagging): Promise<void> => {
    await withoutLeavers(services, given)
    const moment = { ...given, tag: given.tag ?? (await makeTag(services, client, given)) }
    const { tag } = moment
    if (tag === undefined) return
    for (let markedTo: number | undefined = moment.markedTo; markedTo !== undefined && !rounds.isStopped(); ) {
      await pressure.calm()
      if (!(await store.goesOn(db, moment, taking()))) return store.letGoTagging(db, moment, null)
      markedTo = await markSome(services, client, { ...moment, tag, markedTo })
    }
    if (rounds.isStopped()) await store.letGoTagging(db, moment, null)
  }
  const pass = async (): Promise<void> => {
    for (const corpId of await store.corpsToTag(db, clock.now())) {
      const client = await platform.forCorp(corpId)
      if (client === undefined) continue
      await eachOf(corpId, 'unmark', (moment) => unmark(services, client, moment))
      await eachOf(corpId, 'mark', (moment) => markAll(client, moment))
    }
  }
  const rounds = createRounds({ everyMs: lookMs, pass, what: 'tags of Moments', log: services.log })
  return rounds
}

/** Whose member left since the plan carries the tag of another's Moment. */
async function withoutLeavers(needs: Needs, moment: store.Tagging): Promise<void> {
  const runs = new Map((await findRuns(needs.db, [moment.runId])).map((run) => [run.id, run]))
  await withoutAbsent(needs, await tasksOfMoment(needs.db, moment, ['planned']), runs)
}

/** The tag, made once; undefined: the platform does not make it now, or a person must look first. */
async function makeTag(needs: Needs, client: Client, moment: store.Tagging): Promise<string | undefined> {
  try {
    const tag = await makePassingTag(needs, moment.corpId, client, moment.name)
    await store.noteOwnTag(needs.db, moment, tag)
    return tag
  } catch (error) {
    await later(needs, moment, error)
    return undefined
  }
}

interface Made extends store.Tagging {
  readonly tag: string
}

/** Marks a batch; answers before which task all is done, undefined: nothing is left to do now. */
async function markSome(needs: Needs, client: Client, moment: Made): Promise<number | undefined> {
  const { db } = needs
  const { corpId, tag } = moment
  const found = await store.nextUnmarked(db, moment, batch)
  if (found === undefined) {
    await finish(needs, moment)
    return undefined
  }
  const { people, next } = found
  const homes = await homesIn(db, corpId, people)
  const relations = people.flatMap((one) => {
    const customerId = homes.get(keyOf(one))
    return customerId === undefined ? [] : [{ customerId, userid: one.userid, externalUserid: one.externalUserid }]
  })
  const half = Math.ceil(relations.length / 2)
  const called = await Promise.all(
    [relations.slice(0, half), relations.slice(half)].map((some) => putPassingTag(needs, corpId, client, tag, some)),
  ).then((both) => both.flat())
  if (called.some(({ errcode }) => errcode === noTag)) {
    await db.transaction().execute((tx) => store.beginAnew(tx, moment))
    return undefined
  }
  const cameOf = new Map(called.map(({ call, came }) => [keyOf(call), came]))
  const of = Map.groupBy(people, (one) => (homes.has(keyOf(one)) ? (cameOf.get(keyOf(one)) ?? 'later') : 'gone'))
  const waits = of.has('later')
  await db.transaction().execute((tx) =>
    store.noteMarks(tx, moment, {
      marked: (of.get('done') ?? []).map(({ person }) => person),
      unmarkable: [...(of.get('gone') ?? []), ...(of.get('refused') ?? [])].map(({ person }) => person),
      next: waits ? moment.markedTo : next,
    }),
  )
  if (!waits) return next
  await store.letGoTagging(db, moment, new Date(Date.now() + soonMs))
  return undefined
}

/** A canary has its time from when its first Moment can go out: marking it is none of its members' doing. */
async function finish({ db, clock }: Needs, moment: Made): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const run = await holdRun(tx, moment.runId)
    const { canary, open, first } = await store.finishMarking(tx, moment)
    if (run?.state === 'canary' && canary && open && first) await changeRun(tx, run.id, { startedAt: clock.now() })
  })
}

const keyOf = ({ userid, externalUserid }: { readonly userid: string; readonly externalUserid: string }) =>
  `${userid} ${externalUserid}`

/** Under which home of a person a relation stands, as far as it still does. */
async function homesIn(
  db: Needs['db'],
  corpId: number,
  people: readonly store.Unmarked[],
): Promise<ReadonlyMap<string, number>> {
  const members = await homesOfPersons(
    db,
    people.map(({ person }) => person),
  )
  const relations = await livingRelations(
    db,
    corpId,
    members.map(({ home }) => home),
  )
  return new Map(relations.map((one) => [keyOf(one), one.customerId]))
}

/** One call takes the tag from everybody; whether it was made at all is asked where that is not known. */
async function unmark(needs: Needs, client: Client, moment: store.Tagging): Promise<void> {
  const { db, clock, log } = needs
  const { corpId, runId, number, name } = moment
  try {
    const tag = moment.tag ?? (await findPassingTag(client, name))
    if (tag !== undefined) await removePassingTag(needs, corpId, tag)
    await db.transaction().execute(async (tx) => {
      await store.noteUnmarked(tx, moment, clock.now())
      await clearTagLeft(tx, corpId, moment, clock.now())
    })
  } catch (error) {
    log.warn({ err: error, run: runId, moment: number }, 'a tag of a Moment could not be taken back')
    await store.letGoTagging(db, moment, new Date(Date.now() + (isPassing(error) ? soonMs : laterMs)))
    const [run] = isPassing(error) ? [] : await findRuns(db, [runId])
    if (run === undefined) return
    const refused = { tag: name, errcode: errcodeOf(error), why: whyOf(error) }
    await db.transaction().execute((tx) => tellTagLeft(tx, run, moment, refused, clock.now()))
  }
}

/** What passes is tried again soon; what does not, when a person has looked and the run goes on. */
async function later(needs: Needs, moment: store.Tagging, error: unknown): Promise<void> {
  const { db, log } = needs
  if (isPassing(error)) return store.letGoTagging(db, moment, new Date(Date.now() + soonMs))
  log.warn({ err: error, run: moment.runId, moment: moment.number }, 'a tag of a Moment could not be made')
  const errcode = errcodeOf(error)
  const why = whyOf(error)
  await db.transaction().execute(async (tx) => {
    const run = await holdRun(tx, moment.runId)
    if (run !== undefined) await haltRun(needs, tx, run, { why, ...(errcode === undefined ? {} : { errcode }) })
    const halted = run?.state === 'running' || run?.state === 'canary'
    await store.letGoTagging(tx, moment, halted ? null : new Date(Date.now() + laterMs))
  })
}

const isPassing = (error: unknown) => error instanceof UnknownOutcomeError || passes(error)

const whyOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
