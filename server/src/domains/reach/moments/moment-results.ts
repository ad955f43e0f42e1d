import type { Client } from '@nuanyu/wecom'
import type { Tx } from '../../../infra/db/database.ts'
import { appendEvents } from '../../../infra/events/events.store.ts'
import { passes } from '../../customers/index.ts'
import { sendStatus } from '../campaigns/recipient.ts'
import { confirmTouches, releaseTouchesOf } from '../governor/reservations.store.ts'
import { recordTouches } from '../governor/touches.store.ts'
import { bucketOf, campaignSeed } from '../plan/bucket.ts'
import { errcodeOf, senderCodes } from '../run/answers.ts'
import { eventOf } from '../run/customers.ts'
import type { RunNeeds } from '../run/launch.ts'
import { recipientsOf, type Told, writeStatuses } from '../run/recipients.store.ts'
import { addCounts } from '../run/results.store.ts'
import { findRuns, holdRun, type Run } from '../run/runs.store.ts'
import type { Task } from '../run/task.ts'
import { changeTasks, letGo } from '../run/tasks.store.ts'
import { nextApplause, nextViewers } from './moment.ts'
import { addViewers, noteCame, personsAt, type Viewer } from './viewers.store.ts'

/** Members who are read at a time; a call or two each. */
const atOnce = 24
/** A busy platform is asked again after this. Business time. */
const laterMs = 60_000
/** The Moment or the member's part of it is not there any more (90313). */
const gone: ReadonlySet<number> = new Set([41059, 41060, 41061, ...senderCodes])

interface Read {
  /** Who can see it, by external_userid; undefined: that has come to its end. */
  readonly sees: readonly string[] | undefined
  readonly likes: number
  readonly comments: number
}

/** Reads what became of published Moments, member by member: who sees them while that changes, likes and comments for a week. */
export async function readPublished(needs: RunNeeds, client: Client, tasks: readonly Task[]): Promise<void> {
  const [first] = tasks
  if (first === undefined) return
  const { db, platform } = needs
  const limit = (await platform.limits(first.corpId)).value('moment.seen_page_max')
  const ids = [...new Set(tasks.map(({ runId }) => runId))]
  const runs = new Map((await findRuns(db, ids)).map((run) => [run.id, run]))
  const waiting = [...tasks]
  const work = async () => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      const run = runs.get(task.runId)
      if (run !== undefined) await readOne(needs, client, run, task, limit)
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, tasks.length) }, work))
}

async function readOne(needs: RunNeeds, client: Client, run: Run, task: Task, limit: number): Promise<void> {
  const { db, clock, log } = needs
  const { msgid: moment_id, sender: userid } = task
  try {
    if (moment_id === null) throw new Error('it has no Moment at the platform')
    const sees = task.settledAt === null ? await viewersOf(client, { moment_id, userid }, limit) : undefined
    const { like_list, comment_list } = await client.moments.comments({ moment_id, userid })
    // members' own likes are no customers'
    const ofCustomers = (list: typeof like_list) => list.filter((one) => one.external_userid !== undefined).length
    await takeIn(needs, run, task, { sees, likes: ofCustomers(like_list), comments: ofCustomers(comment_list) })
  } catch (error) {
    const code = errcodeOf(error)
    if (code !== undefined && gone.has(code)) return settleGone(needs, task, code)
    if (!passes(error)) log.warn({ err: error, task: task.effect }, 'a published Moment was not read; tried again')
    await letGo(db, [task], new Date(clock.now().getTime() + laterMs))
  }
}

/** Who can see what this member published of it. */
export async function viewersOf(
  client: Client,
  of: { readonly moment_id: string; readonly userid: string },
  limit: number,
): Promise<readonly string[]> {
  const ids: string[] = []
  let cursor: string | undefined
  do {
    const page = await client.moments.seenBy({ ...of, limit, ...(cursor === undefined ? {} : { cursor }) })
    for (const { external_userid } of page.customer_list) ids.push(external_userid)
    cursor = page.next_cursor === '' ? undefined : page.next_cursor
  } while (cursor !== undefined)
  return ids
}

/** Nothing more is told of it: what was read stands. */
function settleGone({ db, clock }: RunNeeds, { runId, number, settledAt }: Task, errcode: number): Promise<void> {
  const over = { state: 'confirmed' as const, nextAt: null, settledAt: settledAt ?? clock.now(), errcode }
  return changeTasks(db, [{ runId, number, from: 'confirmed', ...over }])
}

/**
 * What was read of one member's Moment; one task a transaction, as touches ask. Who sees it and is of the task was delivered
 * to. Who sees it besides was touched all the same: of a Moment by corp tags he becomes a recipient, as nobody could name him
 * before; who is one already (another member knows him too), or ought not to see it, is counted beside.
 */
async function takeIn(needs: RunNeeds, run: Run, task: Task, { sees, likes, comments }: Read): Promise<void> {
  const { db, clock } = needs
  const now = clock.now()
  const at = task.confirmedAt ?? now
  await db.transaction().execute(async (tx) => {
    const { runId, number } = task
    let settled = task.settledAt
    let beside: number | undefined
    let nextAt = nextApplause(at, now)
    if (sees !== undefined) {
      const own = await recipientsOf(tx, task)
      const seeing = new Set(sees)
      const ownIds = new Set(own.map(({ externalUserid }) => externalUserid))
      const others = sees.filter((id) => !ownIds.has(id))
      // whom two members show it, their tasks book one after the other
      if (others.length > 0) await holdRun(tx, runId)
      const changed = await writeStatuses(
        tx,
        runId,
        own.filter(({ externalUserid }) => seeing.has(externalUserid)).map(({ customerId }) => sentTo(customerId, at)),
      )
      const persons = await personsAt(tx, run.corpId, task.sender, others)
      const byTags = (run.spec.moment?.tags.length ?? 0) > 0
      const added = byTags ? await addViewers(tx, task, inBuckets(run, persons), at) : []
      const told = [...changed, ...added.map((customerId) => sentTo(customerId, at))]
      await addCounts(tx, task, told)
      await appendEvents(
        tx,
        told.flatMap((one) => eventOf(run, task, one, at)),
        now,
      )
      if (told.length > 0) await confirmTouches(tx, runId, number, at)
      await touchBeside(
        tx,
        run,
        task,
        persons.filter(({ customerId }) => !added.includes(customerId)),
        at,
      )
      beside = others.length - added.length
      const everybody = !byTags && own.every(({ externalUserid }) => seeing.has(externalUserid))
      const look = { confirmedAt: at, changed: told.length > 0, anybody: sees.length > 0, everybody }
      const again = nextViewers(look, now)
      if (again === undefined) {
        settled = now
        await releaseTouchesOf(
          tx,
          runId,
          own.filter((one) => !seeing.has(one.externalUserid)).map((one) => one.customerId),
        )
      } else if (nextAt === undefined || again < nextAt) nextAt = again
    }
    await noteCame(tx, task, { likes, comments, beside })
    await changeTasks(tx, [
      {
        runId,
        number,
        from: 'confirmed',
        state: 'confirmed',
        nextAt: nextAt ?? null,
        ...(settled === null ? {} : { settledAt: settled }),
      },
    ])
  })
}

const sentTo = (customerId: number, sentAt: Date): Told => ({ customerId, status: sendStatus.sent, sentAt })

function inBuckets({ campaignId }: Run, persons: readonly Viewer[]) {
  const seed = campaignSeed(campaignId)
  return persons.map((one) => ({ ...one, bucket: bucketOf(seed, one.customerId) }))
}

/** A touch of their own: two members' Moments are seen twice, and the ledger says so. */
export function touchBeside(tx: Tx, run: Run, task: Task, persons: readonly Viewer[], at: Date): Promise<unknown> {
  const { corpId, campaignId } = run
  const kind = run.spec.marketing ? ('marketing' as const) : ('service' as const)
  return recordTouches(
    tx,
    persons.map(({ customerId }) => ({
      ...{ customerId, at, corpId, campaignId, kind, channel: 'moments' as const, sender: task.sender },
      effect: `campaign:${run.id}:${task.number}`,
    })),
  )
}
