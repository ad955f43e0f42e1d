import { refuse } from '../admin/refusal.ts'
import type { OwnMoment, PersonMoments } from '../admin/schema.reach.ts'
import { customerId } from '../people/chats.ts'
import { customersBehind, type Who } from '../people/directory.ts'
import type { Platform } from '../platform.ts'
import type { StaffMember } from '../world/staff.ts'
import { applauseSoFar } from './applause.ts'
import { momentAppealOf } from './model.ts'
import { type Moment, type MomentTask, newMomentTask } from './moments.ts'
import { publish } from './publishing.ts'

/** Names under a Moment are shown up to so many, the first to act first. */
const NAMED = 100

type Shown = PersonMoments['moments'][number]

/** Of a member, his own and what he is asked to publish; of a customer, what stands in his Moments. Newest first. */
export function momentsOf(platform: Platform, who: Who): PersonMoments {
  const { all, views } = platform.reach.moments
  if (who.kind === 'customer') {
    const seen = views.of(who.customer, 0).flatMap((view) => {
      const { broadcast, staff } = views.row(view)
      const moment = all[broadcast]
      const task = moment?.tasks.get(staff)
      // WeChat shows likes and comments of common friends only: of other customers he sees nothing
      return moment === undefined || moment.deleted || task === undefined ? [] : [entry(platform, moment, task, [view])]
    })
    return { moments: seen.reverse() }
  }
  const nowMs = platform.clock.now()
  const hers = all.flatMap((moment) => {
    const task = moment.tasks.get(who.member.index)
    if (task === undefined || moment.deleted || moment.madeAtMs > nowMs) return []
    return [entry(platform, moment, task, between(task.seenFrom, task.seenTo))]
  })
  return { moments: hers.reverse() }
}

const between = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at)

function entry(platform: Platform, moment: Moment, task: MomentTask, views: readonly number[]): Shown {
  const { world } = platform
  const { publishedAtMs, dueMs } = task
  const open = moment.cancelled ? ('cancelled' as const) : ('open' as const)
  const { link, video } = moment
  return {
    momentId: moment.momentId,
    userid: world.staff.at(task.staff)?.userid ?? '',
    author: world.staff.at(task.staff)?.name ?? '',
    text: moment.text,
    images: moment.images.map(mediaPath),
    ...(video === undefined ? {} : { video: mediaPath(video) }),
    ...(link === undefined
      ? {}
      : { link: { title: link.title ?? '', url: link.url, picture: mediaPath(link.media_id) } }),
    state: publishedAtMs === undefined ? open : 'published',
    ...(publishedAtMs === undefined ? {} : { publishedAtMs }),
    ...(dueMs === undefined || publishedAtMs !== undefined ? {} : { dueMs }),
    madeAtMs: moment.madeAtMs,
    chosen: task.chosen.length,
    seen: task.seenTo - task.seenFrom,
    ...applauseUnder(platform, views),
  }
}

const mediaPath = (mediaId: string) => `/media/${encodeURIComponent(mediaId)}`

function applauseUnder(platform: Platform, views: readonly number[]): Pick<Shown, 'likes' | 'comments'> {
  const { customers } = platform.world
  const acts = views.map((view) => {
    const customer = platform.reach.moments.views.row(view).to
    return { id: customerId(customer), name: customers.name(customer), ...applauseSoFar(platform, view) }
  })
  const likes = acts.flatMap(({ id, name, likesMs }) => (likesMs === undefined ? [] : [{ id, name, atMs: likesMs }]))
  const comments = acts.flatMap(({ id, name, comments }) => comments.map((one) => ({ id, name, ...one })))
  const inTime = (a: { atMs: number }, b: { atMs: number }) => a.atMs - b.atMs
  return { likes: likes.sort(inTime).slice(0, NAMED), comments: comments.sort(inTime).slice(0, NAMED) }
}

/** He publishes now, whatever his habits. */
export function publishNow(platform: Platform, member: StaffMember, momentId: string): MomentTask {
  const moment = platform.reach.moments.get(momentId)
  const task = moment?.tasks.get(member.index)
  if (moment === undefined || task === undefined || moment.madeAtMs > platform.clock.now())
    throw refuse(404, 'moment_unknown', `${member.userid} has no Moment ${momentId}`, '没有这条朋友圈')
  if (moment.cancelled) throw refuse(409, 'cancelled', 'the Moment was cancelled', '该朋友圈已停止发表')
  if (task.publishedAtMs !== undefined) throw refuse(409, 'published', 'it was published already', '该朋友圈已发表')
  publish(platform, moment, task)
  return task
}

/** A member's own Moment is out at once, for all of his or for some. */
export function publishOwn(platform: Platform, member: StaffMember, { text, customers }: OwnMoment): Moment {
  const { reach, world, clock } = platform
  const task = newMomentTask(member.index)
  const only = customers && customersBehind(platform, customers)
  const moment = reach.moments.add({
    momentId: world.newId('mom', 32),
    appKey: undefined,
    creator: member.userid,
    text,
    images: [],
    video: undefined,
    link: undefined,
    tags: [],
    ...(only === undefined ? {} : { only }),
    madeAtMs: clock.now(),
    appeal: momentAppealOf(platform, text),
    tasks: new Map([[member.index, task]]),
  })
  publish(platform, moment, task)
  return moment
}

/** He takes his own away: nobody sees it any more, and the interface knows it no more (93333). */
export function deleteOwn({ reach }: Platform, member: StaffMember, momentId: string): void {
  const moment = reach.moments.get(momentId)
  if (moment === undefined || moment.creator !== member.userid || moment.deleted)
    throw refuse(404, 'moment_unknown', `${member.userid} has published no Moment ${momentId}`, '没有这条朋友圈')
  moment.deleted = true
}
