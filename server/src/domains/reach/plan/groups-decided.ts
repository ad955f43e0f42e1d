import type { LimitProfile } from '@nuanyu/wecom'
import type { Executor } from '../../../infra/db/database.ts'
import { localTime, momentOf } from '../../../infra/zone.ts'
import type { CampaignSpec } from '../campaigns/campaign.schema.ts'
import { slotOf, startsBetween } from '../campaigns/schedule.ts'
import { groupQuotaFacts } from '../governor/quota.store.ts'
import { quotaAt, quotaFreeAt } from '../governor/quota.ts'
import { secondOf } from '../governor/touch.ts'
import { type Candidate, fateOfGroup, type GroupFate, type Room, takesPart } from './group.ts'
import { candidatesOf, chosenOf, heldOfCampaigns, type Rival, rivalsOf } from './groups.store.ts'
import { senderSetOf } from './runs.store.ts'

export type Decided = Candidate & GroupFate

export interface GroupsAsked {
  readonly corpId: number
  /** Whose groups they are; null: nobody's yet. */
  readonly campaignId: string | null
  readonly spec: CampaignSpec
  readonly at: Date
  /** How long it waits for groups that have no room yet; null: not at all. */
  readonly waitUntil: Date | null
  /** Those that were held, whom it had its turn with, and the time of the day at which they were to get it. */
  readonly again?: { readonly chatIds: readonly string[]; readonly minute: number }
  readonly zone: string
  readonly senderSet: readonly string[] | null
  readonly limits: LimitProfile
  /** Those of groups in which too many members are over, and when no longer; null: it is not asked. */
  readonly fullOf: ((chatIds: readonly string[]) => Promise<ReadonlyMap<string, Room>>) | null
}

/** What is decided of every group that a campaign names, at a moment; and the campaigns that it gives way to. */
export async function decideGroups(
  on: Executor,
  { corpId, campaignId, spec, at, waitUntil, again, zone, senderSet, limits, fullOf }: GroupsAsked,
): Promise<{ readonly decided: readonly Decided[]; readonly rivals: readonly Rival[] }> {
  const { groups } = spec
  if (groups === undefined) throw new Error('a campaign for groups says for which')
  const { dayNumber, minute } = localTime(at, zone)
  const day = { from: momentOf(dayNumber, 0, zone), until: momentOf(dayNumber + 1, 0, zone) }
  const candidates = await candidatesOf(on, { corpId, groups, senderSet, day, at, among: again?.chatIds })
  const ids = candidates.map(({ chatId }) => chatId)
  const facts = await groupQuotaFacts(on, corpId, ids, quotaAt(limits, at), at)
  const full = await fullOf?.(ids)
  const rivals = await rivalsOf(on, corpId, { except: campaignId, priority: spec.governed.priority, day })
  const claims = await claimsOf(on, corpId, rivals, { at, until: day.until, zone })
  const nothing = { sent: [], reserved: 0, fullAt: null }
  const time = { dayNumber, ...slotOf(spec, at, zone) }
  // it goes out at its time of the day on whichever day there is room
  const onDayOf = (moment: Date) => {
    const its = momentOf(localTime(moment, zone).dayNumber, again?.minute ?? minute, zone)
    return its > moment ? its : moment
  }
  const next = onDayOf(day.until)
  const roomAt = (free: Date | null | undefined) => ({
    at: free === null ? null : free === undefined || secondOf(free) <= secondOf(at) ? at : onDayOf(free),
  })
  const decided = candidates.map((one) => {
    const known = { ...(facts.get(one.chatId) ?? nothing), reserved: one.open }
    const free = quotaFreeAt((moment) => quotaAt(limits, moment), known, at)
    const quota = roomAt(free === null ? null : new Date(free * 1000))
    const members = roomAt(full?.get(one.chatId)?.at)
    const itsTurn = again !== undefined || takesPart(one.chatId, time, groups.most_a_day)
    const wanted = { most: groups.most_a_day, itsTurn, before: claims.get(one.chatId) ?? [], next }
    return { ...one, ...fateOfGroup(one, wanted, { quota, members }, { at, waitUntil }) }
  })
  return { decided, rivals }
}

/** What these campaigns are still to send on this day: by group, who, the highest first. */
async function claimsOf(
  on: Executor,
  corpId: number,
  rivals: readonly Rival[],
  { at, until, zone }: { readonly at: Date; readonly until: Date; readonly zone: string },
): Promise<ReadonlyMap<string, readonly string[]>> {
  const claims = new Map<string, string[]>()
  const waiting = await heldOfCampaigns(
    on,
    rivals.map(({ id }) => id),
    until,
  )
  for (const { id, spec, runs } of rivals) {
    const planned = new Set(runs.flatMap((run) => (run.planning ? [] : run.plannedFor.getTime())))
    const times = startsBetween(spec, at, until, zone).filter((start) => !planned.has(start.getTime()))
    const planning = runs.filter((run) => run.planning).map((run) => run.plannedFor)
    const starts = [...new Map([...times, ...planning].map((start) => [start.getTime(), start])).values()]
    // whom it holds until this day comes before whom it is still to choose
    for (const chatId of waiting.get(id) ?? []) claims.set(chatId, [...(claims.get(chatId) ?? []), id])
    if (starts.length === 0 || spec.groups === undefined) continue
    const { most_a_day: most } = spec.groups
    const set = spec.senders.set === null ? null : await senderSetOf(on, corpId, spec.senders.set)
    for (const chatId of await chosenOf(on, corpId, spec.groups, set, at)) {
      const often = starts.filter((start) => {
        const { dayNumber } = localTime(start, zone)
        return takesPart(chatId, { dayNumber, ...slotOf(spec, start, zone) }, most)
      }).length
      // it keeps to its own number a day too
      for (let count = 0; count < Math.min(often, most); count += 1) {
        const his = claims.get(chatId) ?? []
        his.push(id)
        claims.set(chatId, his)
      }
    }
  }
  return claims
}
