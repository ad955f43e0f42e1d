import type { Client } from '@nuanyu/wecom'
import type { Tx } from '../../../infra/db/database.ts'
import type { Services } from '../../../infra/services.ts'
import { assetsOf, platformMedia } from '../../content/index.ts'
import { withoutAbsent } from './absent.ts'
import { errcodeOf, verdictOf } from './answers.ts'
import { hoursOf, type Message, writeMessages } from './brief.ts'
import { mayAskAt } from './hours.ts'
import type { Failing } from './offers.ts'
import { messagesOf, partyOf } from './parties.ts'
import type { MessageParty } from './party.ts'
import { printOf } from './print.ts'
import { taskKey } from './recipients.store.ts'
import { findRuns, holdRun, type Run } from './runs.store.ts'
import { haltRun } from './steer.ts'
import { dispatchMs, expiryOf, nextReminder, type RemindLimit, type Task } from './task.ts'
import { changeTasks, claimTasks, letGo, type TaskChange } from './tasks.store.ts'

export type RunNeeds = Pick<Services, 'db' | 'clock' | 'log' | 'effects' | 'platform' | 'due' | 'vault' | 'config'>

/** Calls of one batch that are under way at a time; the budget's gate holds back what is too much for the corp. */
const atOnce = 32
/** A platform that is busy, or whose budget is used up, is asked again after this. Business time. */
const laterMs = 60_000

type Outcome =
  | { readonly task: Task; readonly kind: 'made'; readonly msgid: string; readonly failed: readonly string[] }
  | {
      readonly task: Task
      readonly kind: 'later' | 'sender' | 'run' | 'unknown' | 'empty'
      readonly errcode?: number
      readonly why: string
    }

interface Wanted {
  readonly task: Task
  readonly message: Message
  readonly party: MessageParty
  readonly ids: readonly string[]
}

/**
 * Asks the members of these planned tasks. Each task is claimed as an effect before its call is made and settled after; what
 * is not settled when this process dies stays «asking», which whoever looks then takes for a lost answer.
 */
export async function askTasks(needs: RunNeeds, client: Client, taken: readonly Task[]): Promise<number> {
  const { db } = needs
  const runs = new Map((await findRuns(db, [...new Set(taken.map((one) => one.runId))])).map((run) => [run.id, run]))
  const now = await inHours(needs, taken, runs)
  const wanted = await claim(needs, await withoutAbsent(needs, now, runs), runs)
  const waiting = [...wanted]
  const outcomes: Outcome[] = []
  const work = async () => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) outcomes.push(await ask(client, one))
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, wanted.length) }, work))
  const { value } = await needs.platform.limits(taken[0]?.corpId ?? 0)
  const remind = { most: value('broadcast.reminds'), windowMs: value('broadcast.remind_window_s') * 1_000 }
  await settle(needs, outcomes, runs, remind)
  return outcomes.filter(({ kind }) => kind === 'made').length
}

/** Those that may be asked now; the rest wait for the next moment at which they may. */
async function inHours(
  { db, clock }: RunNeeds,
  taken: readonly Task[],
  runs: ReadonlyMap<number, Run>,
): Promise<readonly Task[]> {
  const now = clock.now()
  const allowed: Task[] = []
  for (const [runId, tasks] of Map.groupBy(taken, (one) => one.runId)) {
    const run = runs.get(runId)
    if (run === undefined) continue
    const at = mayAskAt(await hoursOf(db, run, now), now)
    if (at !== undefined && at <= now) allowed.push(...tasks)
    else await letGo(db, tasks, at ?? new Date(now.getTime() + 24 * 3_600_000))
  }
  return allowed
}

async function claim(
  { db, clock, effects, vault, config }: RunNeeds,
  tasks: readonly Task[],
  runs: ReadonlyMap<number, Run>,
): Promise<readonly Wanted[]> {
  const [first] = tasks
  if (first === undefined) return []
  const { corpId } = first
  const now = clock.now()
  const assets = [...runs.values()].flatMap(({ spec }) =>
    spec.variants.flatMap(({ content }) => assetsOf(content.attachments)),
  )
  const media = await platformMedia(db, assets, now)
  const { claimed, messages } = await db.transaction().execute(async (tx) => {
    const claimed = await withoutRefusals(tx, await claimTasks(tx, tasks, now), runs, now)
    const messages = await writeMessages({ vault, config }, tx, corpId, claimed, runs, media)
    const prints = new Map([...messages].map(([key, message]) => [key, printOf(message)]))
    await effects.claim(
      tx,
      claimed.map((task) => ({
        ...{ key: task.effect ?? '', corpId, kind: 'campaign.task', subject: undefined },
        detail: { sender: task.sender, recipients: task.recipients, ...prints.get(taskKey(task)) },
      })),
      now,
    )
    return { claimed, messages }
  })
  const wanted: Wanted[] = []
  for (const [runId, own] of Map.groupBy(claimed, (one) => one.runId)) {
    const party = messagesOf(runs.get(runId)?.spec)
    const ids = await party.idsOf(
      db,
      runId,
      own.map((one) => one.number),
    )
    for (const task of own) {
      const message = messages.get(taskKey(task))
      if (message !== undefined) wanted.push({ task, message, party, ids: ids.get(task.number) ?? [] })
    }
  }
  return wanted
}

async function withoutRefusals(
  tx: Tx,
  tasks: readonly Task[],
  runs: ReadonlyMap<number, Run>,
  now: Date,
): Promise<readonly Task[]> {
  const left: Task[] = []
  for (const [runId, own] of Map.groupBy(tasks, (one) => one.runId)) {
    const run = runs.get(runId)
    left.push(...(run === undefined ? own : await partyOf(run.spec).withoutRefusals(tx, run, own, now)))
  }
  return left
}

async function ask(client: Client, { task, message, party, ids }: Wanted): Promise<Outcome> {
  if (ids.length === 0) return { task, kind: 'empty', why: 'nobody is left in it' }
  if (message.missing.length > 0)
    return { task, kind: 'run', why: `files are not at the platform: ${message.missing.join(', ')}` }
  try {
    const { msgid, fail_list } = await client.broadcasts.add({
      ...{ chat_type: party.chatType, sender: task.sender },
      ...(party.chatType === 'group' ? { chat_id_list: ids } : { external_userid: ids }),
      ...(message.text === '' ? {} : { text: { content: message.text } }),
      ...(message.attachments.length === 0 ? {} : { attachments: [...message.attachments] }),
    })
    return { task, kind: 'made', msgid, failed: fail_list }
  } catch (error) {
    const errcode = errcodeOf(error)
    const why = error instanceof Error ? error.message : String(error)
    return { task, kind: verdictOf(error), why, ...(errcode === undefined ? {} : { errcode }) }
  }
}

const effectState = {
  made: 'done',
  later: 'refused',
  sender: 'refused',
  run: 'refused',
  empty: 'refused',
  unknown: 'unknown',
} as const

/** What came of the calls, in one transaction: effects, tasks, people, and who is offered to another member. */
async function settle(
  needs: RunNeeds,
  outcomes: readonly Outcome[],
  runs: ReadonlyMap<number, Run>,
  remind: RemindLimit,
): Promise<void> {
  if (outcomes.length === 0) return
  const { db, clock, effects, log } = needs
  const now = clock.now()
  const failing = outcomes.flatMap((one): readonly Failing[] => {
    if (one.kind === 'sender') return [{ task: one.task }]
    return one.kind === 'made' && one.failed.length > 0 ? [{ task: one.task, externalIds: one.failed }] : []
  })
  const halted = Map.groupBy(
    outcomes.filter((one) => one.kind === 'run'),
    (one) => one.task.runId,
  )
  await db.transaction().execute(async (tx) => {
    // runs before tasks: whoever changes a run as a whole does so in this order
    const held = new Map<number, Run>()
    for (const id of [...new Set([...failing.map(({ task }) => task.runId), ...halted.keys()])].sort((a, b) => a - b)) {
      const run = await holdRun(tx, id)
      if (run !== undefined) held.set(id, run)
    }
    await effects.settle(
      tx,
      outcomes.map((one) => ({
        ...{ key: one.task.effect ?? '', state: effectState[one.kind] },
        ...(one.kind === 'made'
          ? { detail: { msgid: one.msgid, failed: one.failed.length } }
          : { detail: { reason: one.why } }),
        ...('errcode' in one ? { errcode: one.errcode } : {}),
      })),
      now,
    )
    await changeTasks(
      tx,
      outcomes.map((one) => ({ from: 'asking' as const, ...changeOf(one, runs, remind, now) })),
    )
    const made = outcomes.flatMap((one) => (one.kind === 'made' ? [one.task] : []))
    for (const [runId, tasks] of Map.groupBy(made, (one) => one.runId))
      await partyOf(runs.get(runId)?.spec).noteAsked(tx, tasks)
    for (const [id, list] of Map.groupBy(failing, ({ task }) => task.runId)) {
      const run = held.get(id)
      if (run !== undefined) await partyOf(run.spec).notGiven(needs, tx, run, list)
    }
    for (const [id, list] of halted) {
      const [first] = list
      const run = held.get(id)
      if (run !== undefined && first !== undefined && first.kind !== 'made') await haltRun(needs, tx, run, first)
    }
  })
  for (const one of outcomes)
    if (one.kind !== 'made' && one.kind !== 'later')
      log.warn({ task: one.task.effect, verdict: one.kind, err: one.why }, 'a task of a campaign was not made')
}

function changeOf(one: Outcome, runs: ReadonlyMap<number, Run>, remind: RemindLimit, now: Date): TaskChange {
  const { runId, number } = one.task
  const key = { runId, number }
  switch (one.kind) {
    case 'made': {
      const spec = runs.get(runId)?.spec
      const expiresAt = expiryOf(one.task, { expires_hours: spec?.expires_hours ?? 24 }, now)
      const askedAt = one.task.askedAt ?? now
      const remindAt = nextReminder({ askedAt, expiresAt, reminded: one.task.reminded }, spec?.reminders ?? 0, remind)
      return {
        ...key,
        state: 'asked',
        msgid: one.msgid,
        expiresAt,
        remindAt,
        nextAt: new Date(now.getTime() + dispatchMs),
      }
    }
    case 'unknown':
      return { ...key, state: 'unknown', nextAt: new Date(now.getTime() + dispatchMs), why: one.why }
    case 'sender':
      return { ...key, state: 'failed', nextAt: null, why: one.why, ...coded(one) }
    case 'empty':
      return { ...key, state: 'cancelled', nextAt: null, why: one.why }
    default:
      return { ...key, state: 'planned', nextAt: new Date(now.getTime() + laterMs), why: one.why, ...coded(one) }
  }
}

const coded = ({ errcode }: { readonly errcode?: number }) => (errcode === undefined ? {} : { errcode })
