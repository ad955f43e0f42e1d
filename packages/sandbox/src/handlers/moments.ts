import type { catalogue, ParsedRequestOf, ResponseOf } from '@nuanyu/wecom'
import type { Call, GroupHandlers } from '../http/call.ts'
import { mediumOf } from '../people/attachments.ts'
import { type Applause, applauseSoFar } from '../reach/applause.ts'
import { memberOf } from '../reach/asking.ts'
import { momentAppealOf } from '../reach/model.ts'
import { type Moment, type MomentContent, type MomentTask, newMomentTask, wordsOf } from '../reach/moments.ts'
import { customersOf } from '../reach/plan.ts'
import { askToPublish, cancelMoment, viewersOf } from '../reach/publishing.ts'
import { pageOf, readCursor } from './cursor.ts'
import { Fail, fail, visibleMember } from './scope.ts'

type Calls = (typeof catalogue)['moments']
type NewMoment = ParsedRequestOf<Calls['add']>
type Shown = ResponseOf<Calls['list']>['moment_list'][number]

const MINUTE_S = 60
const MONTH_S = 30 * 86_400

export const moments: GroupHandlers<'moments'> = {
  add(call, request) {
    const { platform, app, frequency } = call
    const { world, clock, settings, reach } = platform
    const { value } = settings.limits
    const content = contentOf(call, request)
    if (content instanceof Fail) return content
    const often = frequency.countOwn(`${world.corpId} moments a minute`, value('moment.tasks_per_minute'), MINUTE_S)
    if (often !== undefined) return often
    const many = frequency.countOwn(`${world.corpId} moments a month`, value('moment.tasks_per_month'), MONTH_S)
    if (many !== undefined) return fail(41210, 'too many Moments of the corp in the month')
    if (reach.moments.inTheMaking(clock.now()) >= settings.value.readings.momentJobs)
      return fail(41078, 'too many Moments are being created')
    const { staff, tags, invalid } = rangeOf(call, request.visible_range ?? {})
    const doneAtMs = clock.now() + settings.value.reach.dispatchMs
    // made at once and shown when the job is over: nobody can tell the difference
    const moment =
      staff.length === 0
        ? undefined
        : reach.moments.add({
            ...content,
            momentId: world.newId('mom', 32),
            appKey: app.appKey,
            creator: undefined,
            tags,
            madeAtMs: doneAtMs,
            appeal: momentAppealOf(platform, wordsOf(content)),
            tasks: new Map(staff.map((index) => [index, newMomentTask(index)])),
          })
    if (moment !== undefined) askToPublish(platform, moment)
    const jobId = world.newId('', 48)
    const { appKey } = app
    reach.moments.ask({ jobId, appKey, askedAtMs: clock.now(), doneAtMs, momentId: moment?.momentId, invalid })
    return { jobid: jobId }
  },

  result({ platform, app }, { jobid }) {
    const { clock, reach, settings } = platform
    const job = reach.moments.jobs.get(jobid)
    const livesMs = settings.limits.value('moment.job_ttl_s') * 1000
    if (job === undefined || job.appKey !== app.appKey || job.askedAtMs + livesMs < clock.now())
      return fail(40058, 'invalid jobid')
    const type = 'add_moment_task'
    if (clock.now() < job.doneAtMs) return { status: clock.now() === job.askedAtMs ? 1 : 2, type }
    const { users, departments, tags } = job.invalid
    return {
      status: 3,
      type,
      result: {
        ...(job.momentId === undefined
          ? { errcode: 41048, errmsg: 'nobody to publish' }
          : { errcode: 0, errmsg: 'ok', moment_id: job.momentId }),
        invalid_sender_list: { user_list: [...users], department_list: [...departments] },
        invalid_external_contact_list: { tag_list: [...tags] },
      },
    }
  },

  cancel(call, { moment_id }) {
    const moment = ofCorp(call, moment_id)
    if (moment instanceof Fail) return moment
    if (call.platform.settings.value.reach.ownBroadcastsOnly && moment.appKey !== call.app.appKey)
      return fail(41060, 'invalid moment_id: not made by this app')
    cancelMoment(moment)
    return {}
  },

  list(call, { start_time, end_time, creator, filter_type = 2, limit, cursor }) {
    const { reach, settings, clock } = call.platform
    const from = readCursor(cursor)
    if (from === undefined) return fail(50100, 'invalid cursor')
    const most = settings.limits.value('moment.list_page_max')
    const fitting = reach.moments.all.filter((one) => {
      const madeAtS = Math.floor(one.madeAtMs / 1000)
      if (one.deleted || one.madeAtMs > clock.now() || madeAtS < start_time || madeAtS > end_time) return false
      if (creator !== undefined && one.creator?.toLowerCase() !== creator.toLowerCase()) return false
      if (filter_type !== 2 && (one.appKey === undefined) !== (filter_type === 1)) return false
      return [...one.tasks.values()].some((task) => isVisible(call, task))
    })
    const { page, next } = pageOf(fitting.toReversed(), from, limit === undefined || limit > most ? most : limit)
    return { next_cursor: next, moment_list: page.map(shown) }
  },

  tasks(call, { moment_id, limit, cursor }) {
    const moment = ofCorp(call, moment_id)
    if (moment instanceof Fail) return moment
    const from = readCursor(cursor)
    if (from === undefined) return fail(50100, 'invalid cursor')
    const visible = [...moment.tasks.values()].filter((task) => isVisible(call, task))
    const { page, next } = pageOf(visible, from, pageSize(call, limit, 'result'))
    return {
      next_cursor: next,
      task_list: page.map((task) => ({
        userid: call.platform.world.staff.at(task.staff)?.userid ?? '',
        publish_status: task.publishedAtMs === undefined ? 0 : 1,
      })),
    }
  },

  customers(call, { moment_id, userid, limit, cursor }) {
    const { customers } = call.platform.world
    const task = published(call, moment_id, userid)
    if (task instanceof Fail) return task
    const from = readCursor(cursor)
    if (from === undefined) return fail(50100, 'invalid cursor')
    const { page, next } = pageOf([...task.chosen], from, pageSize(call, limit, 'result'))
    const member = call.platform.world.staff.at(task.staff)?.userid ?? ''
    const customer_list = page.map((one) => ({ userid: member, external_userid: customers.externalUserId(one) }))
    return { next_cursor: next, customer_list }
  },

  seenBy(call, { moment_id, userid, limit, cursor }) {
    const { customers } = call.platform.world
    const task = published(call, moment_id, userid)
    if (task instanceof Fail) return task
    const from = readCursor(cursor)
    if (from === undefined) return fail(50100, 'invalid cursor')
    const { page, next } = pageOf(viewersOf(call.platform, task), from, pageSize(call, limit, 'seen'))
    return { next_cursor: next, customer_list: page.map((one) => ({ external_userid: customers.externalUserId(one) })) }
  },

  comments(call, { moment_id, userid }) {
    const { platform } = call
    const task = published(call, moment_id, userid)
    if (task instanceof Fail) return task
    const { customers } = platform.world
    const told = (timesOf: (applause: Applause) => readonly number[]) =>
      viewersOf(platform, task).flatMap((customer, at) =>
        timesOf(applauseSoFar(platform, task.seenFrom + at)).map((atMs) => ({
          external_userid: customers.externalUserId(customer),
          create_time: Math.floor(atMs / 1000),
        })),
      )
    return {
      comment_list: told(({ comments }) => comments.map(({ atMs }) => atMs)),
      like_list: told(({ likesMs }) => (likesMs === undefined ? [] : [likesMs])),
    }
  },
}

/** What it shows; media must come from upload_attachment for Moments (40007). */
function contentOf({ platform }: Call, { text, attachments = [] }: NewMoment): MomentContent | Fail {
  const images: string[] = []
  let video: string | undefined
  let link: MomentContent['link']
  for (const one of attachments) {
    const isVideo = one.msgtype === 'video'
    const mediaId = isVideo ? one.video.media_id : one.msgtype === 'image' ? one.image.media_id : one.link.media_id
    const medium = mediumOf(platform, mediaId, [isVideo ? 'video' : 'image'], 'moments')
    if (medium instanceof Fail) return medium
    if (isVideo) video = mediaId
    else if (one.msgtype === 'image') images.push(mediaId)
    else link = one.link
  }
  return { text: text?.content ?? '', images, video, link }
}

/** Who publishes: those named whom the app sees, and of these who have a customer with one of the tags [95094]. */
function rangeOf(call: Call, range: NonNullable<NewMoment['visible_range']>) {
  const { platform, app } = call
  const { world, visibility } = platform
  const { user_list = [], department_list = [] } = range.sender_list ?? {}
  const wantedTags = range.external_contact_list?.tag_list ?? []
  const tags: string[] = wantedTags.filter((id) => isCorpTag(call, id))
  const users = user_list.filter((userid) => visibleMember(call, userid) instanceof Fail)
  const departments = department_list.filter((id) => !visibility.department(app.appKey, id))
  const named = new Set(user_list.map((userid) => world.staff.find(userid)?.index))
  for (const id of department_list.flatMap((one) => world.departments.subtree(one)))
    for (const { index } of world.staff.inDepartment(id)) named.add(index)
  const all = user_list.length === 0 && department_list.length === 0
  const staff = visibility.members(app.appKey).filter((index) => {
    const member = world.staff.at(index)
    if (member === undefined || !platform.settings.member(member.userid).followUser) return false
    if (!all && !named.has(index)) return false
    // tags were asked for and none of them is one: nobody carries it
    if (wantedTags.length > 0 && tags.length === 0) return false
    return tags.length === 0 || customersOf(platform, [index], [tags]).next().done !== true
  })
  return { staff, tags, invalid: { users, departments, tags: wantedTags.filter((id) => !tags.includes(id)) } }
}

/** A living tag of the corp; those of strategies are not for Moments. */
function isCorpTag({ platform }: Call, id: string): boolean {
  const { tags } = platform.world
  const tag = tags.tag(id)
  return tag?.deleted === false && tags.group(tag.groupId)?.strategyId === undefined
}

/** A limit above the page's maximum falls back to its default. */
function pageSize({ platform }: Call, limit: number | undefined, what: 'result' | 'seen'): number {
  const { value } = platform.settings.limits
  const usual = value(`moment.${what}_page_default`)
  return limit === undefined || limit > value(`moment.${what}_page_max`) ? usual : limit
}

function made({ platform }: Call, momentId: string): Moment | Fail {
  const moment = platform.reach.moments.get(momentId)
  return moment === undefined || moment.deleted || moment.madeAtMs > platform.clock.now()
    ? fail(41060, 'invalid moment_id')
    : moment
}

/** The corp's, 41067 for a member's own. */
function ofCorp(call: Call, momentId: string): Moment | Fail {
  const moment = made(call, momentId)
  if (moment instanceof Fail) return moment
  return moment.appKey === undefined ? fail(41067, 'a Moment of a member, not of the corp') : moment
}

/** A member's part once it is out: 41061 when it is not his, 41062 when he has not published. */
function published(call: Call, momentId: string, userid: string): MomentTask | Fail {
  const moment = made(call, momentId)
  if (moment instanceof Fail) return moment
  const member = visibleMember(call, userid)
  if (member instanceof Fail) return member
  const task = moment.tasks.get(member.index)
  if (task === undefined) return fail(41061, `the Moment is not of ${userid}`)
  return task.publishedAtMs === undefined ? fail(41062, `${userid} has not published it yet`) : task
}

function isVisible({ platform, app }: Call, task: MomentTask): boolean {
  return memberOf(platform, task) !== undefined && platform.visibility.staff(app.appKey, task.staff)
}

function shown(moment: Moment): Omit<Shown, 'moment_id'> & { moment_id: string } {
  const { momentId, creator, madeAtMs, appKey, tags, only, text, images, video, link } = moment
  return {
    moment_id: momentId,
    ...(creator === undefined ? {} : { creator }),
    create_time: Math.floor(madeAtMs / 1000),
    create_type: appKey === undefined ? 1 : 0,
    visible_type: tags.length === 0 && only === undefined ? 1 : 0,
    ...(text === '' ? {} : { text: { content: text } }),
    image: images.map((media_id) => ({ media_id })),
    ...(video === undefined ? {} : { video: { media_id: video } }),
    ...(link === undefined ? {} : { link: { title: link.title, url: link.url } }),
  }
}
