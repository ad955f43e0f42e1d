import type { Client, MediaId } from '@nuanyu/wecom'
import { assetsOf, uploadForMoment } from '../../content/index.ts'
import { passes } from '../../customers/index.ts'
import { withoutAbsent } from '../run/absent.ts'
import { type AskVerdict, errcodeOf, verdictOf } from '../run/answers.ts'
import { hoursOf, writeContents } from '../run/brief.ts'
import { mayAskAt } from '../run/hours.ts'
import type { RunNeeds } from '../run/launch.ts'
import { printOf } from '../run/print.ts'
import { taskKey } from '../run/recipients.store.ts'
import { findRuns, holdRun, type Run } from '../run/runs.store.ts'
import { haltRun } from '../run/steer.ts'
import type { Task } from '../run/task.ts'
import { changeTasks, tasksOfMoment } from '../run/tasks.store.ts'
import { linksOf, type Moment } from './moment.ts'
import { type MomentAttachment, momentAttachments } from './moment-content.ts'
import { leaveOutRefusals } from './moment-refusals.ts'
import { changeMoment, claimMoment, postpone } from './moments.store.ts'
import { viewers } from './viewers.ts'

/** A platform that is busy, or whose budget is used up, is asked again after this. Business time. */
const laterMs = 60_000
/** The platform makes a Moment in the background; its job is asked about from then on. */
export const jobMs = 5_000
const dayMs = 24 * 3_600_000

interface Wanted {
  readonly moment: Moment
  readonly tasks: readonly Task[]
  readonly text: string
  readonly attachments: readonly MomentAttachment[]
}

/** Why a Moment was not made, as far as one call tells. */
export interface Refused {
  readonly kind: AskVerdict
  readonly why: string
  readonly errcode?: number
}

/**
 * Asks the platform for these Moments, one after the other: there are a few a run, however many members publish each. Each is
 * claimed as an effect before its call is made and settled after; what is not settled when this process dies stays «asking».
 */
export async function askMoments(needs: RunNeeds, client: Client, taken: readonly Moment[]): Promise<void> {
  const { db, clock } = needs
  const runs = new Map((await findRuns(db, [...new Set(taken.map((one) => one.runId))])).map((run) => [run.id, run]))
  for (const moment of taken) {
    const run = runs.get(moment.runId)
    if (run === undefined) continue
    const now = clock.now()
    const at = mayAskAt(await hoursOf(db, run, now), now) ?? new Date(now.getTime() + dayMs)
    if (at > now) await postpone(db, moment, at)
    else await askOne(needs, client, run, moment)
  }
}

async function askOne(needs: RunNeeds, client: Client, run: Run, moment: Moment): Promise<void> {
  const { db, clock } = needs
  if (!(await leaveOutRefusals(needs, client, run, moment)))
    return postpone(db, moment, new Date(clock.now().getTime() + laterMs))
  await withoutAbsent(needs, await tasksOfMoment(db, moment, ['planned']), new Map([[run.id, run]]))
  const shown = run.spec.variants[moment.variant]?.content.attachments ?? []
  let media: ReadonlyMap<string, MediaId>
  try {
    media = await uploadForMoment(db, client, run.corpId, assetsOf(shown))
  } catch (error) {
    if (passes(error)) return postpone(db, moment, new Date(clock.now().getTime() + laterMs))
    return halt(needs, run.id, moment, refusedBy(error))
  }
  const { missing } = momentAttachments(shown, media)
  if (missing.length > 0)
    return halt(needs, run.id, moment, { kind: 'run', why: `files are not at the platform: ${missing.join(', ')}` })
  const wanted = await claim(needs, run, moment, media)
  if (wanted === undefined) return
  if (wanted.tasks.length === 0) return settleEmpty(needs, wanted.moment)
  try {
    const { jobid } = await client.moments.add({
      ...(wanted.text === '' ? {} : { text: { content: wanted.text } }),
      ...(wanted.attachments.length === 0 ? {} : { attachments: [...wanted.attachments] }),
      visible_range: {
        sender_list: { user_list: wanted.tasks.map(({ sender }) => sender) },
        external_contact_list: { tag_list: [...moment.tags] },
      },
    })
    const nextAt = new Date(clock.now().getTime() + jobMs)
    await changeMoment(db, wanted.moment, { state: 'made', jobid, nextAt })
  } catch (error) {
    await settleRefused(needs, wanted.moment, wanted.tasks, refusedBy(error))
  }
}

/** The Moment and its members' tasks, with its words and what it is known by again; of nobody who has no people left. */
function claim(
  { db, clock, effects, vault, config }: RunNeeds,
  run: Run,
  { runId, number, variant, ownTag }: Moment,
  media: ReadonlyMap<string, MediaId>,
): Promise<Wanted | undefined> {
  const now = clock.now()
  return db.transaction().execute(async (tx) => {
    const moment = await claimMoment(tx, { runId, number }, now)
    if (moment === undefined) return undefined
    const claimed = await tasksOfMoment(tx, moment, ['asking'])
    const [tasks, empty] = [
      claimed.filter(({ recipients }) => !ownTag || recipients > 0),
      claimed.filter(({ recipients }) => ownTag && recipients === 0),
    ]
    await changeTasks(
      tx,
      empty.map((task) => ({
        ...{ runId, number: task.number, from: 'asking' as const, state: 'cancelled' as const, nextAt: null },
        why: 'nobody is left in it',
      })),
    )
    const written = { runId, number: linksOf(moment), variant, sender: '' }
    const contents = await writeContents({ vault, config }, tx, run.corpId, [written], new Map([[runId, run]]))
    const content = contents.get(taskKey(written)) ?? { text: '', attachments: [], links: [] }
    await effects.claim(
      tx,
      [
        {
          ...{ key: moment.effect ?? '', corpId: run.corpId, kind: 'campaign.moment', subject: undefined },
          detail: { senders: tasks.length, tags: moment.tags, ...printOf(content) },
        },
      ],
      now,
    )
    const { text, attachments } = content
    return { moment, tasks, text, ...momentAttachments(attachments, media) }
  })
}

/** Nothing was made of it, or it is not known: its tasks stand as they did before, fail, or wait until it is found. */
export async function settleRefused(
  needs: RunNeeds,
  moment: Moment,
  tasks: readonly Task[],
  refused: Refused,
): Promise<void> {
  const { db, clock, effects, log } = needs
  const now = clock.now()
  const { kind, why } = refused
  const later = new Date(now.getTime() + laterMs)
  await db.transaction().execute(async (tx) => {
    const run = await holdRun(tx, moment.runId)
    if (run === undefined) return
    const state = kind === 'unknown' ? ('unknown' as const) : ('refused' as const)
    await effects.settle(tx, [{ key: moment.effect ?? '', state, detail: { reason: why }, ...codeOf(refused) }], now)
    const all = (state: 'planned' | 'unknown' | 'failed', nextAt: Date | null) =>
      changeTasks(
        tx,
        tasks.map(({ runId, number, state: from }) => ({
          runId,
          number,
          from,
          state,
          nextAt,
          why,
          ...codeOf(refused),
        })),
      )
    if (kind === 'unknown') {
      await all('unknown', null)
      await changeMoment(tx, moment, { state: 'unknown', nextAt: later, why })
    } else if (kind === 'sender') {
      await all('failed', null)
      await changeMoment(tx, moment, { state: 'failed', nextAt: null, why, ...codeOf(refused) })
      await viewers.notGiven(
        needs,
        tx,
        run,
        tasks.map((task) => ({ task })),
      )
    } else {
      await all('planned', later)
      await changeMoment(tx, moment, { state: 'ready', nextAt: null, why, ...codeOf(refused) })
      if (kind === 'run') await haltRun(needs, tx, run, refused)
    }
  })
  if (kind !== 'later') log.warn({ moment: moment.effect, verdict: kind, err: why }, 'a Moment was not made')
}

/** Every further Moment of the run would meet the same: it is paused before this one is asked for. */
async function halt(needs: RunNeeds, runId: number, moment: Moment, refused: Refused): Promise<void> {
  const { db, clock } = needs
  await postpone(db, moment, new Date(clock.now().getTime() + laterMs))
  await db.transaction().execute(async (tx) => {
    const run = await holdRun(tx, runId)
    if (run !== undefined) await haltRun(needs, tx, run, refused)
  })
}

async function settleEmpty({ db, clock, effects }: RunNeeds, moment: Moment): Promise<void> {
  const why = 'nobody is left in it'
  await effects.settle(db, [{ key: moment.effect ?? '', state: 'refused', detail: { reason: why } }], clock.now())
  await changeMoment(db, moment, { state: 'cancelled', nextAt: null, why })
}

/** No single member is at fault here: whom the platform leaves out it names when the Moment is made. */
function refusedBy(error: unknown): Refused {
  const errcode = errcodeOf(error)
  const kind = verdictOf(error)
  return {
    kind: errcode === tooManyAtOnce ? 'later' : kind === 'sender' && errcode !== nobodyToPublish ? 'run' : kind,
    why: error instanceof Error ? error.message : String(error),
    ...(errcode === undefined ? {} : { errcode }),
  }
}

export const nobodyToPublish = 41048
const tooManyAtOnce = 41078

export const codeOf = ({ errcode }: { readonly errcode?: number }) => (errcode === undefined ? {} : { errcode })
