import type { Platform } from '../platform.ts'
import { dayStart } from '../statistics.ts'
import { CUSTOMER_DELETED } from '../world/relations.ts'
import { awaitConfirmation, callOff, memberOf } from './asking.ts'
import { monthOf } from './caps.ts'
import { confirmsAt } from './habits.ts'
import type { Moment, MomentTask } from './moments.ts'
import { customersOf } from './plan.ts'
import { reactToMoments } from './reacting.ts'

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
  const his = [...customersOf(platform, [task.staff], lists)]
  const only = moment.only && new Set(moment.only)
  task.chosen = Uint32Array.from(only === undefined ? his : his.filter((one) => only.has(one)))
  task.seenFrom = views.total
  for (const customer of task.chosen) {
    const row = world.relations.find(task.staff, customer)
    if (row === undefined || (world.relations.flags(row) & CUSTOMER_DELETED) !== 0) continue
    if (hasSeenEnough(platform, moment, customer)) continue
    views.add({ to: customer, staff: task.staff, broadcast: moment.number, atS: Math.floor(nowMs / 1000) })
  }
  task.seenTo = views.total
  reactToMoments(platform, task.seenFrom, task.seenTo)
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
