import { type Client, WecomError } from '@nuanyu/wecom'
import type { Database } from '../../../infra/db/database.ts'
import { appendEvents } from '../../../infra/events/events.store.ts'
import type { Services } from '../../../infra/services.ts'
import { identityKey, knownHomesOf, passes } from '../../customers/index.ts'
import { sendStatus } from '../campaigns/recipient.ts'
import { errcodeOf, noSuchSend, senderCodes, stillDispatching } from '../run/answers.ts'
import * as store from './own-sends.store.ts'
import * as own from './own-sends.ts'
import { ownSources, pagesOf } from './own-sources.ts'
import { noteFulls } from './quota.store.ts'
import { recordTouches } from './touches.store.ts'

const kind = 'governor.own_sends'
const hourMs = 3_600_000
/** Sends that are taken from the table at a time. */
const atOnce = 200
/** The platform is still handing it out: a message, a Moment. */
const dispatching: ReadonlySet<number> = new Set([stillDispatching, 41079])
const soonMs = 5 * 60_000
/** It was deleted, or its member is not there any more: nothing more is told of it. */
const gone: ReadonlySet<number> = new Set([noSuchSend, 41060, 41061, ...senderCodes])

type Needs = Pick<Services, 'db' | 'clock' | 'platform' | 'log'>

/** Reads what members sent by themselves, every hour of business time. */
export function defineOwnSends(services: Services): void {
  const { clock, due, log } = services
  const reading = new Set<number>()
  const read = async (corpId: number): Promise<void> => {
    if (reading.has(corpId)) return
    reading.add(corpId)
    try {
      await services.pressure.calm()
      await readOwnSends(services, corpId)
    } catch (error) {
      log.warn({ err: error, corpId }, 'what members sent by themselves was not read to the end; it is read in an hour')
    } finally {
      reading.delete(corpId)
    }
  }
  due.define(kind, async (items, tx) => {
    for (const { corpId } of items) void read(corpId)
    const at = new Date(clock.now().getTime() + hourMs)
    await due.schedule(
      tx,
      items.map(({ corpId }) => ({ corpId, kind, key: String(corpId), at })),
    )
  })
}

/** Called for each connected corp at the start, and when one is connected. */
export async function scheduleOwnSends({ due, db, clock }: Services, corpId: number): Promise<void> {
  await due.schedule(db, [{ corpId, kind, key: String(corpId), at: clock.now() }])
}

/**
 * Members' own mass sends become touches by hand, of people and groups, and their own Moments touches of whoever can see them;
 * who was refused as over the platform's cap is noted for the quota. What a member writes by hand to one customer is in no
 * interface without the archive. No call is made for a customer, and all give way to others within the budget. Answers how
 * many sends were read.
 */
export async function readOwnSends(needs: Needs, corpId: number): Promise<number> {
  const { db, clock, platform, log } = needs
  const client = await platform.forCorp(corpId)
  if (client === undefined) return 0
  for (const one of own.ownKinds)
    try {
      await list(needs, client, corpId, one)
    } catch (error) {
      // a corp may have the one without the other; a platform that is away is so for all
      if (!(error instanceof WecomError) || passes(error)) throw error
      log.warn({ err: error, corpId, kind: one }, 'what members sent by themselves could not be listed')
    }
  let read = 0
  for (;;) {
    const due = await store.dueOwnSends(db, corpId, clock.now(), atOnce)
    for (const send of due) await readOne(needs, client, corpId, send)
    read += due.length
    if (due.length < atOnce) return read
  }
}

/** Day by day, each kept when it is listed: what breaks off goes on from there. */
async function list({ db, clock, platform }: Needs, client: Client, corpId: number, of: own.OwnKind): Promise<void> {
  const { value } = await platform.limits(corpId)
  const source = ownSources[of]
  const now = clock.now()
  const { from, sweeps } = own.listFrom(await store.listingOf(db, corpId, of), now, value(source.span))
  for (const { since, until } of own.daysOf(from, now)) {
    const span = { start_time: secondOf(since), end_time: secondOf(until), limit: value(source.page) }
    for await (const found of pagesOf((cursor) => source.list(client, { ...span, ...cursor })))
      await store.noteOwnSends(db, corpId, found, now)
    await store.noteListed(db, corpId, of, { until, swept: sweeps && until >= now })
  }
}

const secondOf = (at: Date) => Math.floor(at.getTime() / 1000)

async function readOne(needs: Needs, client: Client, corpId: number, send: own.OwnSend): Promise<void> {
  const { db, clock, platform } = needs
  const source = ownSources[send.kind]
  const limit = (await platform.limits(corpId)).value(source.results)
  let counts: own.OwnCounts = { sent: 0, overCap: 0, open: 0 }
  try {
    for await (const results of pagesOf((cursor) => source.read(client, send, { limit, ...cursor }))) {
      counts = added(counts, results)
      await book(db, corpId, send, results, clock.now())
    }
  } catch (error) {
    // a platform that is busy or away is asked again in the next round
    if (!(error instanceof WecomError) || passes(error)) throw error
    await store.noteOwnReading(db, corpId, send.msgid, { next: afterRefusal(send, errcodeOf(error), clock.now()) })
    return
  }
  const next = own.readNext(send.reads + 1, own.isSettled(send, counts), clock.now())
  await store.noteOwnReading(db, corpId, send.msgid, { counts, next })
}

function afterRefusal({ reads }: own.OwnSend, errcode: number | undefined, now: Date): Date | null {
  if (errcode !== undefined && dispatching.has(errcode)) return new Date(now.getTime() + soonMs)
  return errcode !== undefined && gone.has(errcode) ? null : own.readNext(reads + 1, false, now)
}

function added(counts: own.OwnCounts, results: readonly own.OwnResult[]): own.OwnCounts {
  const of = (wanted: number) => results.filter(({ status }) => status === wanted).length
  return {
    sent: counts.sent + of(sendStatus.sent),
    overCap: counts.overCap + of(sendStatus.overCap),
    open: counts.open + of(sendStatus.unsent),
  }
}

/** Read again, the same is booked: a touch has the time at which the platform sent it, of a Moment that of its publishing. */
async function book(
  db: Database,
  corpId: number,
  send: own.OwnSend,
  results: readonly own.OwnResult[],
  learntAt: Date,
): Promise<void> {
  const reached = results.flatMap(({ to, status, sentAt }) =>
    status === sendStatus.sent ? [{ to, at: sentAt ?? send.madeAt }] : [],
  )
  const fulls = results.flatMap(({ to, status }) => (status === sendStatus.overCap ? [{ to, at: send.madeAt }] : []))
  const { msgid, sender, kind: of } = send
  const effect = `${own.ownEffect}${msgid}`
  if (of === 'group') {
    const ours = { effect, channel: 'by_hand', kind: 'marketing', sender, campaignId: null } as const
    await db.transaction().execute((tx) => store.noteGroupTouches(tx, corpId, ours, reached, fulls))
    return
  }
  const named = (to: string) => ({ kind: 'external_userid', value: to })
  const homes = await knownHomesOf(
    db,
    corpId,
    [...reached, ...fulls].map(({ to }) => named(to)),
  )
  // whom we do not know yet, or no more, has nothing that could be counted
  const known = (list: readonly { readonly to: string; readonly at: Date }[]) =>
    list.flatMap(({ to, at }) => {
      const home = homes.get(identityKey(named(to)))
      return home === undefined ? [] : [{ home, at }]
    })
  await db.transaction().execute(async (tx) => {
    const fresh = await recordTouches(tx, own.touchesOfOwnSend(corpId, { msgid, sender, kind: of }, known(reached)))
    await appendEvents(
      tx,
      fresh.map(({ customerId, at }) => ({
        ...{ kind: own.eventOfOwn[of], corpId, customerId, staffUserid: sender, occurredAt: at },
        ...{ cause: effect, payload: {} },
      })),
      learntAt,
    )
    await noteFulls(
      tx,
      corpId,
      known(fulls).map(({ home, at }) => ({ customerId: home, at })),
    )
  })
}
