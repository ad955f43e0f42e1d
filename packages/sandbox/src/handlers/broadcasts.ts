import type { catalogue, ParsedRequestOf, ResponseOf } from '@nuanyu/wecom'
import type { Call, GroupHandlers } from '../http/call.ts'
import { checkAttachment } from '../people/attachments.ts'
import { memberOf } from '../reach/asking.ts'
import { type Broadcast, newTask, SENT, type Task } from '../reach/broadcasts.ts'
import { appealOf } from '../reach/model.ts'
import { customersOf, handOut, type Plan, type TagLists } from '../reach/plan.ts'
import { askMembers, cancel, remindMember } from '../reach/tasks.ts'
import { pageOf, readCursor } from './cursor.ts'
import { Fail, fail, followMember, visibleMember } from './scope.ts'
import { partsOf } from './welcome.ts'

type Calls = (typeof catalogue)['broadcasts']
type NewBroadcast = ParsedRequestOf<Calls['add']>
type Shown = ResponseOf<Calls['list']>['group_msg_list'][number]

export const broadcasts: GroupHandlers<'broadcasts'> = {
  add(call, request) {
    const { platform, app } = call
    const { reach, world, clock, settings } = platform
    const { attachments = [] } = request
    const sender = request.sender === undefined ? undefined : followMember(call, request.sender)
    if (sender instanceof Fail) return sender
    for (const attachment of attachments) {
      const { kind, fields } = partsOf(attachment)
      const refusal = checkAttachment(platform, kind, fields)
      if (refusal !== undefined) return refusal
    }
    const groups =
      request.chat_type === 'group' ? groupsOf(call, sender?.userid ?? '', request.chat_id_list) : undefined
    const plan = groups === undefined ? planOf(call, request, sender?.index) : groups.planFor(sender?.index ?? 0)
    if (plan instanceof Fail) return plan
    if (plan.of.size === 0) return fail(41048, 'no customer to send to')
    const nowMs = clock.now()
    const broadcast = reach.broadcasts.add({
      msgid: world.newId('msg', 32),
      appKey: app.appKey,
      creator: undefined,
      chatType: request.chat_type,
      chatIds: groups?.chatIds ?? [],
      text: request.text?.content ?? '',
      attachments,
      appeal: appealOf(platform, request.text?.content ?? ''),
      allowSelect: request.chat_type === 'single' && request.allow_select === true,
      madeAtMs: nowMs,
      dispatchedAtMs: nowMs + settings.value.reach.dispatchMs,
      listedAtMs: nowMs + settings.value.reach.listedAfterMs,
      tasks: new Map([...plan.of].map(([staff, targets]) => [staff, newTask(staff, targets)])),
    })
    askMembers(platform, broadcast)
    return { fail_list: [...plan.failed], msgid: broadcast.msgid }
  },

  list(call, { chat_type, start_time, end_time, creator, filter_type = 2, limit, cursor }) {
    const { platform } = call
    const from = readCursor(cursor)
    if (from === undefined) return fail(50100, 'invalid cursor')
    const size = pageSize(call, limit, 'list')
    // newest first; the order is in no page
    const fitting = platform.reach.broadcasts.all.filter((one) => {
      const madeAtS = Math.floor(one.madeAtMs / 1000)
      if (one.chatType !== chat_type || madeAtS < start_time || madeAtS > end_time) return false
      if (platform.clock.now() < (one.listedAtMs ?? 0)) return false
      if (creator !== undefined && one.creator?.toLowerCase() !== creator.toLowerCase()) return false
      if (filter_type !== 2 && (one.appKey === undefined) !== (filter_type === 1)) return false
      return [...one.tasks.values()].some((task) => isVisible(call, task))
    })
    const { page, next } = pageOf(fitting.toReversed(), from, size)
    return { next_cursor: next, group_msg_list: page.map(shown) }
  },

  tasks(call, { msgid, limit, cursor }) {
    const broadcast = dispatched(call, msgid)
    if (broadcast instanceof Fail) return broadcast
    const from = readCursor(cursor)
    if (from === undefined) return fail(50100, 'invalid cursor')
    const visible = [...broadcast.tasks.values()].filter((task) => isVisible(call, task))
    const { page, next } = pageOf(visible, from, pageSize(call, limit, 'result'))
    return {
      next_cursor: next,
      task_list: page.map(({ staff, sentAtMs }) => {
        const userid = call.platform.world.staff.at(staff)?.userid ?? ''
        return sentAtMs === undefined
          ? { userid, status: 0 }
          : { userid, status: 2, send_time: Math.floor(sentAtMs / 1000) }
      }),
    }
  },

  results(call, { msgid, userid, limit, cursor }) {
    const { world } = call.platform
    const broadcast = dispatched(call, msgid)
    if (broadcast instanceof Fail) return broadcast
    const member = visibleMember(call, userid)
    if (member instanceof Fail) return member
    const from = readCursor(cursor)
    if (from === undefined) return fail(50100, 'invalid cursor')
    const task = broadcast.tasks.get(member.index)
    if (task === undefined) return { next_cursor: '', send_list: [] }
    const all = Array.from(task.targets, (target, at) => ({ target, status: task.status[at] ?? 0 }))
    // which groups the owner will choose is not known before: only what was sent is told [93338]
    const told = broadcast.chatType === 'group' ? all.filter(({ status }) => status !== 0) : all
    const { page, next } = pageOf(told, from, pageSize(call, limit, 'result'))
    return {
      next_cursor: next,
      send_list: page.map(({ target, status }) => ({
        ...(broadcast.chatType === 'group'
          ? { chat_id: broadcast.chatIds[target] ?? '' }
          : { external_userid: world.customers.externalUserId(target) }),
        userid: member.userid,
        status,
        ...(status === SENT ? { send_time: Math.floor((task.sentAtMs ?? 0) / 1000) } : {}),
      })),
    }
  },

  remind(call, { msgid }) {
    const { platform } = call
    const { value } = platform.settings.limits
    const broadcast = ownBroadcast(call, msgid)
    if (broadcast instanceof Fail) return broadcast
    const sinceMs = platform.clock.now() - value('broadcast.remind_window_s') * 1000
    if (broadcast.reminders.filter((atMs) => atMs > sinceMs).length >= value('broadcast.reminds'))
      return fail(41094, 'reminded too often')
    broadcast.reminders.push(platform.clock.now())
    for (const task of broadcast.tasks.values()) if (isVisible(call, task)) remindMember(platform, broadcast, task)
    return {}
  },

  cancel(call, { msgid }) {
    const broadcast = ownBroadcast(call, msgid)
    if (broadcast instanceof Fail) return broadcast
    cancel(broadcast)
    return {}
  },
}

/** Whom a send to customers goes to: those named, else those with the tags, else all of the sender's [92135]. */
function planOf(call: Call, request: NewBroadcast, sender: number | undefined): Plan | Fail {
  const { platform, app } = call
  const { customers, tags } = platform.world
  const { external_userid, tag_filter } = request
  if (external_userid !== undefined && external_userid.length > 0) {
    return handOut(
      call,
      external_userid.map((id) => customers.byExternalUserId(id) ?? id),
      sender,
    )
  }
  const lists: TagLists = tag_filter?.group_list.map(({ tag_list }) => tag_list) ?? []
  const unknown = lists.flat().find((id) => tags.tag(id)?.deleted !== false)
  if (unknown !== undefined) return fail(40068, `invalid tag id: ${unknown}`)
  const members = sender === undefined ? platform.visibility.members(app.appKey) : [sender]
  return handOut(call, customersOf(platform, members, lists), sender)
}

/** Groups that the owner may send to: those named that are his, else the latest of his, as many as his client reaches. */
function groupsOf({ platform }: Call, owner: string, wanted: readonly string[] | undefined) {
  const { groups } = platform.world
  const mine = groups.ofStaff(owner).filter((group) => group.owner === owner)
  const named = wanted !== undefined && wanted.length > 0
  const most = platform.settings.limits.value('broadcast.owner_groups_reached')
  const chatIds = named
    ? mine.map(({ chatId }) => chatId).filter((chatId) => wanted.includes(chatId))
    : mine
        .toSorted((a, b) => b.createdAt - a.createdAt)
        .slice(0, most)
        .map(({ chatId }) => chatId)
  const failed = named ? [...new Set(wanted)].filter((chatId) => !chatIds.includes(chatId)) : []
  const planFor = (staff: number): Plan => ({
    of: new Map(chatIds.length === 0 ? [] : [[staff, chatIds.map((_, position) => position)]]),
    failed,
  })
  return { chatIds, planFor }
}

/** More than the page's maximum falls back to its default, not to the maximum. */
function pageSize({ platform }: Call, limit: number | undefined, what: 'list' | 'result'): number {
  const { value } = platform.settings.limits
  const usual = value(`broadcast.${what}_page_default`)
  return limit === undefined || limit > value(`broadcast.${what}_page_max`) ? usual : limit
}

/** A send that the platform has handed out: 41047 for none, 41063 while it is still at it. */
function dispatched({ platform }: Call, msgid: string): Broadcast | Fail {
  const broadcast = platform.reach.broadcasts.get(msgid)
  if (broadcast === undefined) return fail(41047, 'invalid msgid')
  return platform.clock.now() < broadcast.dispatchedAtMs ? fail(41063, 'the message is being dispatched') : broadcast
}

/** One that may be reminded and cancelled: the corp's, made by this app unless the setting says otherwise, and living. */
function ownBroadcast(call: Call, msgid: string): Broadcast | Fail {
  const broadcast = dispatched(call, msgid)
  if (broadcast instanceof Fail) return broadcast
  const { ownBroadcastsOnly } = call.platform.settings.value.reach
  if (broadcast.appKey === undefined || (ownBroadcastsOnly && broadcast.appKey !== call.app.appKey))
    return fail(41047, 'invalid msgid: not made by this app')
  return broadcast.cancelled ? fail(41093, 'the task was cancelled') : broadcast
}

function isVisible({ platform, app }: Call, task: Task): boolean {
  return memberOf(platform, task) !== undefined && platform.visibility.staff(app.appKey, task.staff)
}

function shown({
  msgid,
  creator,
  madeAtMs,
  appKey,
  text,
  attachments,
}: Broadcast): Omit<Shown, 'msgid'> & { msgid: string } {
  return {
    msgid,
    ...(creator === undefined ? {} : { creator }),
    create_time: String(Math.floor(madeAtMs / 1000)),
    create_type: appKey === undefined ? 1 : 0,
    ...(text === '' ? {} : { text: { content: text } }),
    attachments: attachments.map(shownAttachment),
  }
}

/** A picture by its media_id where it has one; a mini program without its cover [93338]. */
function shownAttachment(attachment: Broadcast['attachments'][number]): Shown['attachments'][number] {
  switch (attachment.msgtype) {
    case 'image': {
      const { media_id, pic_url } = attachment.image
      return { msgtype: 'image', image: media_id === undefined ? { pic_url } : { media_id } }
    }
    case 'miniprogram': {
      const { title, appid, page } = attachment.miniprogram
      return { msgtype: 'miniprogram', miniprogram: { title, appid, page } }
    }
    default:
      return attachment
  }
}
