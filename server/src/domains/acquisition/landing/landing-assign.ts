import type { Database } from '../../../infra/db/database.ts'
import { writeTraces } from '../../../infra/traces/traces.store.ts'
import { businessDay } from '../../../infra/zone.ts'
import { pickNext } from '../channels/assignment.ts'
import { strategies } from '../channels/channel.ts'
import { corpFacts, loadDesks } from '../codes/code-desk.store.ts'
import { type Closed, type Desk, deskAt } from '../codes/code-desk.ts'
import { assign, type LandingChannel, lastShown, lockChannel, memberCode, prolong } from './landing.store.ts'

/** How long a shown code holds the member's place: as long as one looks at a poster and adds, with time to spare. */
const holdMs = 10 * 60_000

export type Assigned =
  | { readonly kind: 'member'; readonly userid: string; readonly codeId: string; readonly again: boolean }
  | { readonly kind: 'closed'; readonly closed: Closed; readonly nextLook: Date | undefined }

/**
 * Decides whom a visitor is shown, one visitor of a channel at a time: the same as last time while he may take, else the
 * next by the channel's strategy. Nobody off duty, nobody over limit: codes that are shown and not used yet count.
 */
export async function assignVisitor(
  db: Database,
  channel: LandingChannel,
  visitor: string,
  at: Date,
): Promise<Assigned> {
  return db.transaction().execute(async (tx) => {
    await lockChannel(tx, channel.id)
    const before = await lastShown(tx, channel.id, visitor, at)
    if (before?.usedAt) {
      const codeId = await memberCode(tx, channel, before.userid, at)
      return { kind: 'member', userid: before.userid, codeId, again: true }
    }
    const corp = await corpFacts(tx, channel.corpId)
    const [loaded] = await loadDesks(tx, corp, at, [channel.id])
    if (loaded === undefined) return { kind: 'closed', closed: 'stopped', nextLook: undefined }
    const expiresAt = new Date(at.getTime() + holdMs)
    // his own place is not in his own way
    const facts = new Map(loaded.facts)
    const own = before?.open ? facts.get(before.userid) : undefined
    if (own !== undefined) facts.set(own.userid, { ...own, openToday: Math.max(0, own.openToday - 1) })
    const takenToday = Math.max(0, loaded.channel.takenToday - (own === undefined ? 0 : 1))
    const desk = deskAt({ ...loaded.channel, takenToday }, facts, at, corp.zone)
    const kept = before?.open ? desk.able.find((one) => one.facts.userid === before.userid) : undefined
    if (before !== undefined && kept !== undefined) {
      await prolong(tx, before.id, expiresAt)
      return {
        kind: 'member',
        userid: before.userid,
        codeId: await memberCode(tx, channel, before.userid, at),
        again: true,
      }
    }
    const strategy = strategies.find((one) => one === channel.strategy) ?? 'round_robin'
    const next = pickNext(strategy, desk.able, at)
    if (next === undefined) return { kind: 'closed', closed: desk.closed ?? 'nobody', nextLook: desk.nextLook }
    const { userid } = next.facts
    const day = businessDay(at, corp.zone)
    await assign(tx, { corpId: corp.corpId, channelId: channel.id, visitor, userid, day, at, expiresAt })
    await writeTraces(tx, [traceOf(channel, visitor, strategy, desk, userid, at)])
    return { kind: 'member', userid, codeId: await memberCode(tx, channel, userid, at), again: false }
  })
}

function traceOf(channel: LandingChannel, visitor: string, strategy: string, desk: Desk, userid: string, at: Date) {
  return {
    corpId: channel.corpId,
    kind: 'channel.assignment',
    subject: `channel:${channel.id}:visitor:${visitor}`,
    decidedAt: at,
    body: {
      strategy,
      tier: desk.tier,
      won: userid,
      able: desk.able.map(({ facts }) => ({
        userid: facts.userid,
        today: facts.broughtToday,
        open: facts.openToday,
        customers: facts.customers,
      })),
      refused: desk.refused,
    },
  }
}
