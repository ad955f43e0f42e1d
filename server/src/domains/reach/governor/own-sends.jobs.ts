import { type Client, WecomError } from '@nuanyu/wecom'
import type { Database } from '../../../infra/db/database.ts'
import type { Services } from '../../../infra/services.ts'
import { identityKey, knownHomesOf } from '../../customers/index.ts'
import { sendStatus } from '../campaigns/recipient.ts'
import { dueOwnSends, latestOwnSend, noteGroupTouches, noteOwnReading, noteOwnSends } from './own-sends.store.ts'
import { type OwnResult, type OwnSend, readNext, touchesOfOwnSend } from './own-sends.ts'
import { noteFulls } from './quota.store.ts'
import { recordTouches } from './touches.store.ts'

const kind = 'governor.own_sends'
const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** Of `filter_type`: members' own (93338). */
const own = 1
/** Sends of which the results are read in one round; the rest waits for the next. */
const atOnce = 500
/** The platform is still handing it out. */
const dispatching = 41063
const soonMs = 5 * 60_000

type Needs = Pick<Services, 'db' | 'clock' | 'platform'>

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
 * Members' own mass sends become touches by hand, of people and groups; who was refused as over the platform's cap is noted
 * for the quota. What a member writes by hand to one customer is in no interface without the archive. All calls give way to
 * others within the budget. Answers how many sends were read.
 */
export async function readOwnSends(needs: Needs, corpId: number): Promise<number> {
  const { db, clock, platform } = needs
  const client = await platform.forCorp(corpId)
  if (client === undefined) return 0
  const spanMs = (await platform.limits(corpId)).value('broadcast.list_span_days') * dayMs
  const now = clock.now()
  const latest = (await latestOwnSend(db, corpId))?.getTime() ?? 0
  // one that was made before the latest may have come into the list after it
  const since = new Date(Math.max(now.getTime() - spanMs, latest - dayMs))
  for (const chatType of ['single', 'group'] as const)
    await noteOwnSends(db, corpId, await listOwn(client, chatType, since, now), now)
  const due = await dueOwnSends(db, corpId, now, atOnce)
  for (const send of due) await readOne(needs, client, corpId, send)
  return due.length
}

async function listOwn(client: Client, chatType: OwnSend['chatType'], since: Date, until: Date) {
  const found: Omit<OwnSend, 'reads'>[] = []
  const [start_time, end_time] = [since, until].map((at) => Math.floor(at.getTime() / 1000))
  let cursor: string | undefined
  do {
    const page = await client.broadcasts.list(
      {
        ...{ chat_type: chatType, start_time: start_time ?? 0, end_time: end_time ?? 0, filter_type: own },
        ...(cursor === undefined ? {} : { cursor }),
      },
      { priority: 'bulk' },
    )
    for (const { msgid, creator, create_time: madeS } of page.group_msg_list)
      if (creator !== undefined)
        found.push({ msgid, chatType, sender: creator, madeAt: new Date(Number(madeS) * 1000) })
    cursor = page.next_cursor || undefined
  } while (cursor !== undefined)
  return found
}

async function readOne({ db, clock, platform }: Needs, client: Client, corpId: number, send: OwnSend): Promise<void> {
  const limit = (await platform.limits(corpId)).value('broadcast.result_page_max')
  let counts = { sent: 0, overCap: 0, open: 0 }
  let cursor: string | undefined
  try {
    do {
      const page = await client.broadcasts.results(
        {
          ...{ msgid: send.msgid, userid: send.sender, limit },
          ...(cursor === undefined ? {} : { cursor }),
        },
        { priority: 'bulk' },
      )
      const results = page.send_list.map(
        ({ external_userid: customer, chat_id: chat, status, send_time: atS }): OwnResult => ({
          ...{ to: customer ?? chat ?? '', status, sentAt: atS === undefined ? null : new Date(atS * 1000) },
        }),
      )
      counts = added(counts, results)
      await book(db, corpId, send, results)
      cursor = page.next_cursor || undefined
    } while (cursor !== undefined)
  } catch (error) {
    if (!(error instanceof WecomError)) throw error
    const next = error.errcode === dispatching ? new Date(clock.now().getTime() + soonMs) : null
    await noteOwnReading(db, corpId, send.msgid, { ...counts, next })
    return
  }
  const next = readNext(send.reads + 1, counts.open === 0, clock.now())
  await noteOwnReading(db, corpId, send.msgid, { ...counts, next })
}

type Counts = { readonly sent: number; readonly overCap: number; readonly open: number }

function added(counts: Counts, results: readonly OwnResult[]): Counts {
  const of = (wanted: number) => results.filter(({ status }) => status === wanted).length
  return {
    sent: counts.sent + of(sendStatus.sent),
    overCap: counts.overCap + of(sendStatus.overCap),
    open: counts.open + of(sendStatus.unsent),
  }
}

/** Read again, the same is booked: a touch has the time at which the platform sent it. */
async function book(db: Database, corpId: number, send: OwnSend, results: readonly OwnResult[]): Promise<void> {
  const reached = results.flatMap(({ to, status, sentAt }) =>
    status === sendStatus.sent ? [{ to, at: sentAt ?? send.madeAt }] : [],
  )
  const fulls = results.flatMap(({ to, status }) => (status === sendStatus.overCap ? [{ to, at: send.madeAt }] : []))
  const { msgid, sender, chatType } = send
  if (chatType === 'group') {
    const of = { effect: `own:${msgid}`, channel: 'by_hand', kind: 'marketing', sender, campaignId: null } as const
    await db.transaction().execute((tx) => noteGroupTouches(tx, corpId, of, reached, fulls))
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
    await recordTouches(tx, touchesOfOwnSend(corpId, send, known(reached)))
    await noteFulls(
      tx,
      corpId,
      known(fulls).map(({ home, at }) => ({ customerId: home, at })),
    )
  })
}
