import type { catalogue, ParsedRequestOf } from '@nuanyu/wecom'
import type { MessageBody } from '../admin/schema.people.ts'
import type { Call, GroupHandlers } from '../http/call.ts'
import { mediumOf } from '../people/attachments.ts'
import { appId } from '../people/chats.ts'
import { seconds } from '../platform.ts'
import type { StaffMember } from '../world/staff.ts'
import { Fail, fail } from './scope.ts'

type Message = ParsedRequestOf<(typeof catalogue)['messages']['send']>

const MINUTE_S = 60
const HOUR_S = 3600
const DAY_S = 86_400

export const messages: GroupHandlers<'messages'> = {
  send(call, message) {
    const { platform, app, frequency } = call
    const { value } = platform.settings.limits
    if (message.agentid !== app.agentId) return fail(301002, 'not allow operate another agent with this accesstoken')
    const body = bodyOf(call, message)
    if (body instanceof Fail) return body
    if (needsCallback(message) && app.callback === undefined) return fail(43012, 'the app has no callback URL')
    const to = recipients(call, message)
    const refused = {
      invaliduser: to.badUsers.join('|'),
      invalidparty: to.badParties.join('|'),
      invalidtag: to.badTags.join('|'),
    }
    if (to.members.length === 0)
      return fail(81013, `all recipients are invalid or out of range: ${Object.values(refused).join(' ')}`)

    const interval = message.duplicate_check_interval ?? value('message.duplicate_interval_default_s')
    const content = JSON.stringify([message.msgtype, body, message.touser, message.toparty, message.totag])
    const before =
      message.enable_duplicate_check === 1 ? platform.sent.same(app.appKey, content, interval * 1000) : undefined
    if (before !== undefined) return { ...refused, msgid: before }

    const perDay = value('message.per_account_per_day') * platform.world.staff.count
    for (let n = 0; n < to.members.length; n++) {
      const spent = frequency.countOwn(`${app.appKey} messages a day`, perDay, DAY_S)
      if (spent !== undefined) return spent
    }
    const msgid = platform.sent.add(app.appKey, content)
    for (const member of to.members) {
      // What is too much for one member is dropped without a word [90236].
      const key = `${app.appKey} to ${member.userid}`
      const dropped =
        frequency.countOwn(`${key} a minute`, value('message.per_member_per_minute'), MINUTE_S) ??
        frequency.countOwn(`${key} an hour`, value('message.per_member_per_hour'), HOUR_S)
      if (dropped !== undefined) continue
      const head = { atMs: platform.clock.now(), from: appId(app.appKey), fromName: app.name, source: 'app' as const }
      platform.chats.post(
        platform.chats.app(app.appKey, member.userid),
        { ...head, appKey: app.appKey, msgId: msgid, body },
        [member.userid],
      )
    }
    return { ...refused, msgid, ...(needsCallback(message) ? { response_code: platform.world.newId('', 64) } : {}) }
  },

  recall({ platform, app }, { msgid }) {
    const sent = platform.sent.get(msgid)
    if (sent === undefined || sent.appKey !== app.appKey) return fail(40058, 'invalid msgid: not of this app')
    const age = seconds(platform) - Math.floor(sent.atMs / 1000)
    if (age > platform.settings.limits.value('message.recall_s')) return fail(42052, 'msgid expired')
    platform.chats.recall(msgid)
    return {}
  },
}

function recipients({ platform, app }: Call, { touser = '', toparty = '', totag = '' }: Message) {
  const { world, visibility } = platform
  const members = new Map<number, StaffMember>()
  const add = (member: StaffMember | undefined) => {
    if (member === undefined || !visibility.staff(app.appKey, member.index)) return false
    members.set(member.index, member)
    return true
  }
  const split = (ids: string) => ids.split('|').filter((id) => id !== '')
  const badUsers: string[] = []
  const badParties: string[] = []
  if (touser === '@all') for (const index of visibility.members(app.appKey)) add(world.staff.at(index))
  else for (const userid of split(touser)) if (!add(world.staff.find(userid))) badUsers.push(userid.toLowerCase())
  for (const party of touser === '@all' ? [] : split(toparty)) {
    const id = Number(party)
    if (!visibility.department(app.appKey, id)) badParties.push(party)
    else
      for (const below of world.departments.subtree(id))
        for (const member of world.staff.inDepartment(below)) add(member)
  }
  // The sandbox's corp has no contacts tags: each is unknown.
  return { members: [...members.values()], badUsers, badParties, badTags: touser === '@all' ? [] : split(totag) }
}

const needsCallback = (message: Message): boolean =>
  message.msgtype === 'template_card' &&
  ['button_interaction', 'vote_interaction', 'multiple_interaction'].includes(message.template_card.card_type)

/** What the member sees. Too long texts are cut, not refused [90236]. */
function bodyOf(call: Call, message: Message): MessageBody | Fail {
  const { value } = call.platform.settings.limits
  const media = (
    mediaId: string,
    type: 'image' | 'voice' | 'video' | 'file',
    make: (url: string, name: string, size: number) => MessageBody,
  ) => {
    const medium = mediumOf(call.platform, mediaId, [type])
    return medium instanceof Fail ? medium : make(`/media/${mediaId}`, medium.filename, medium.size)
  }
  switch (message.msgtype) {
    case 'text':
      return { type: 'text', content: cut(message.text.content, value('message.text_bytes')) }
    case 'markdown':
      return { type: 'text', content: message.markdown.content }
    case 'image':
      return media(message.image.media_id, 'image', (url) => ({ type: 'image', url }))
    case 'voice':
      return media(message.voice.media_id, 'voice', (url, name, size) => ({ type: 'file', name, size, url }))
    case 'video':
      return media(message.video.media_id, 'video', (url) => ({ type: 'video', url }))
    case 'file':
      return media(message.file.media_id, 'file', (url, name, size) => ({ type: 'file', name, size, url }))
    case 'textcard': {
      const { title, description, url } = message.textcard
      return { type: 'card', title, description, url }
    }
    case 'news': {
      const [first] = message.news.articles
      const { title = '', description = '', url } = first ?? {}
      return {
        type: 'card',
        title,
        description: cut(description, value('message.desc_bytes')),
        ...(url === undefined ? {} : { url }),
      }
    }
    case 'mpnews': {
      const [first] = message.mpnews.articles
      return { type: 'card', title: first?.title ?? '', description: first?.digest ?? '' }
    }
    case 'miniprogram_notice': {
      const { title, description = '' } = message.miniprogram_notice
      return { type: 'card', title, description }
    }
    case 'template_card': {
      const card = message.template_card
      const title = 'main_title' in card ? (card.main_title?.title ?? '') : ''
      const description = 'main_title' in card ? (card.main_title?.desc ?? '') : ''
      return { type: 'card', title, description }
    }
  }
}

/** The longest beginning that fits into so many bytes, whole characters only. */
function cut(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text
  return new TextDecoder().decode(Buffer.from(text).subarray(0, bytes), { stream: true })
}
