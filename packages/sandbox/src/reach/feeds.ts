import { refuse } from '../admin/refusal.ts'
import type { PersonMoments } from '../admin/schema.reach.ts'
import type { Who } from '../people/directory.ts'
import type { Platform } from '../platform.ts'
import type { StaffMember } from '../world/staff.ts'
import { type Moment, type MomentTask, newMomentTask } from './moments.ts'
import { publish, viewersOf } from './publishing.ts'

/** Of a member, his own and what he is asked to publish; of a customer, what stands in his Moments. Newest first. */
export function momentsOf(platform: Platform, who: Who): PersonMoments {
  const { all } = platform.reach.moments
  const made = all.filter(({ madeAtMs }) => madeAtMs <= platform.clock.now())
  const shown = made.flatMap((moment) =>
    [...moment.tasks.values()]
      .filter((task) => isFor(platform, who, task))
      .map((task) => entry(platform, moment, task)),
  )
  return { moments: shown.reverse() }
}

function isFor(platform: Platform, who: Who, task: MomentTask): boolean {
  return who.kind === 'staff' ? task.staff === who.member.index : viewersOf(platform, task).includes(who.customer)
}

function entry({ world }: Platform, moment: Moment, task: MomentTask): PersonMoments['moments'][number] {
  const { publishedAtMs, dueMs } = task
  const open = moment.cancelled ? ('cancelled' as const) : ('open' as const)
  return {
    momentId: moment.momentId,
    userid: world.staff.at(task.staff)?.userid ?? '',
    text: moment.text,
    images: moment.images.map((mediaId) => `/media/${encodeURIComponent(mediaId)}`),
    ...(moment.link === undefined ? {} : { link: moment.link.url }),
    state: publishedAtMs === undefined ? open : 'published',
    ...(publishedAtMs === undefined ? {} : { publishedAtMs }),
    ...(dueMs === undefined || publishedAtMs !== undefined ? {} : { dueMs }),
  }
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

/** A member's own Moment is out at once, for all of his. */
export function publishOwn(platform: Platform, member: StaffMember, text: string): Moment {
  const { reach, world, clock } = platform
  const task = newMomentTask(member.index)
  const moment = reach.moments.add({
    momentId: world.newId('mom', 32),
    appKey: undefined,
    creator: member.userid,
    text,
    images: [],
    video: undefined,
    link: undefined,
    tags: [],
    madeAtMs: clock.now(),
    tasks: new Map([[member.index, task]]),
  })
  publish(platform, moment, task)
  return moment
}
