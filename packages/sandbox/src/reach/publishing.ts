import type { Platform } from '../platform.ts'
import { hash } from '../random.ts'
import { dayStart } from '../statistics.ts'
import { CUSTOMER_DELETED } from '../world/relations.ts'
import { awaitConfirmation, callOff, memberOf } from './asking.ts'
import { monthOf } from './caps.ts'
import { confirmsAt } from './habits.ts'
import type { Moment, MomentTask } from './moments.ts'
import { customersOf } from './plan.ts'

const MINUTE_MS = 60_000
const SALT = 250

/** Every member learns of the Moment and will publish it, or not, as he is. */
export function askToPublish(platform: Platform, moment: Moment): void {
  for (const task of moment.tasks.values()) {
    const member = memberOf(platform, task)
    if (member !== undefined) task.dueMs = confirmsAt(platform, member, moment.momentId, moment.madeAtMs)
    awaitPublishing(platform, moment, task)
  }
}

/** Waits for whoever has not published yet. */
export function awaitPublishing(platform: Platform, moment: Moment, task: MomentTask): void {
  if (task.publishedAtMs !== undefined || moment.cancelled) return
  awaitConfirmation(platform, task, () => publish(platform, moment, task))
}

/** Takes back what nobody has published yet. */
export function cancelMoment(moment: Moment): void {
  moment.cancelled = true
  for (const task of moment.tasks.values()) callOff(task)
}

/** The member publishes: chosen are all of his who carry a tag, and it is seen by those who are still his friends. */
export function publish(platform: Platform, moment: Moment, task: MomentTask): void {
  if (task.publishedAtMs !== undefined || moment.cancelled) return
  callOff(task)
  const { reach, clock, world } = platform
  const { views } = reach.moments
  const nowMs = clock.now()
  task.publishedAtMs = nowMs
  const lists = moment.tags.length === 0 ? [] : [moment.tags]
  task.chosen = Uint32Array.from(customersOf(platform, [task.staff], lists))
  task.seenFrom = views.total
  for (const customer of task.chosen) {
    const row = world.relations.find(task.staff, customer)
    if (row === undefined || (world.relations.flags(row) & CUSTOMER_DELETED) !== 0) continue
    if (hasSeenEnough(platform, moment, customer)) continue
    views.add({ to: customer, staff: task.staff, broadcast: moment.number, atS: Math.floor(nowMs / 1000) })
  }
  task.seenTo = views.total
}

/** How many Moments a customer is shown is in no page: a limit that is off until a corp has measured its own. */
function hasSeenEnough({ reach, settings, clock }: Platform, moment: Moment, customer: number): boolean {
  const { value } = settings.limits
  if (!value('moment.display_limit_on')) return false
  const nowS = Math.floor(clock.now() / 1000)
  const { all, views } = reach.moments
  const personal = moment.appKey === undefined
  const ofKind = ({ broadcast }: { broadcast: number }) => (all[broadcast]?.appKey === undefined) === personal
  return personal
    ? views.since(customer, dayStart(nowS), ofKind) >= value('moment.personal_shown_per_day')
    : views.since(customer, monthOf(nowS).startS, ofKind) >= value('moment.corp_shown_per_month')
}

/** Customers by whom a member's Moment can be seen. */
export function viewersOf({ reach }: Platform, { seenFrom, seenTo }: MomentTask): number[] {
  return Array.from({ length: seenTo - seenFrom }, (_, at) => reach.moments.views.row(seenFrom + at).to)
}

/** When a viewer likes or comments, in sandbox ms; undefined: he does not. Known from the start, told once it is time. */
export function applauseOf(
  { reach, settings, world }: Platform,
  view: number,
): { likesMs: number | undefined; commentsMs: number | undefined } {
  const { to, nth, atS } = reach.moments.views.row(view)
  const { looks, likes, comments } = settings.value.reach.moments
  const luck = hash(hash(to, nth), world.seed + SALT)
  const draw = (what: number) => hash(luck, what) / 0x1_0000_0000
  if (draw(1) >= looks) return { likesMs: undefined, commentsMs: undefined }
  const lookedMs = atS * 1000 + MINUTE_MS + Math.floor(draw(2) ** 3 * 36 * 60) * MINUTE_MS
  return {
    likesMs: draw(3) < likes ? lookedMs : undefined,
    commentsMs: draw(4) < comments ? lookedMs + MINUTE_MS : undefined,
  }
}
