import type { CardLook, catalogue, ParsedRequestOf } from '@nuanyu/wecom'
import type { MessageBody } from '../admin/schema.people.ts'
import { cardBody, isAnswerable, isInteractive, type SentCard } from '../cards.ts'
import type { Call, GroupHandlers } from '../http/call.ts'
import { mediumOf } from '../people/attachments.ts'
import { changeCard, showCard } from '../people/cards.ts'
import { appId } from '../people/chats.ts'
import { seconds } from '../platform.ts'
import type { StaffMember } from '../world/staff.ts'
import { Fail, fail } from './scope.ts'

type Message = ParsedRequestOf<(typeof catalogue)['messages']['send']>
type CardUpdate = ParsedRequestOf<(typeof catalogue)['messages']['updateCard']>
type Recipients = { [Key in 'touser' | 'toparty' | 'totag']?: string | undefined }

const MINUTE_S = 60
const HOUR_S = 3600
const DAY_S = 86_400

export const messages: GroupHandlers<'messages'> = {
  send(call, message) {
    const { platform, app, frequency } = call
    const { value } = platform.settings.limits
    // a notice of a mini program names no agent: it speaks for itself
    if (message.agentid !== app.agentId && (message.agentid !== undefined || message.msgtype !== 'miniprogram_notice'))
      return fail(301002, 'not allow operate another agent with this accesstoken')
    const body = bodyOf(call, message)
    if (body instanceof Fail) return body
    const card = message.msgtype === 'template_card' ? message.template_card : undefined
    const answerable = card !== undefined && isAnswerable(card)
    if (answerable && app.callback === undefined) return fail(43012, 'the app has no callback URL')
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

    if (card?.task_id !== undefined && platform.cards.hasTask(app.appKey, card.task_id))
      return fail(42014, 'the task_id stands for another card already')
    const perDay = value('message.per_account_per_day') * platform.world.staff.count
    for (let n = 0; n < to.members.length; n++) {
      const spent = frequency.countOwn(`${app.appKey} messages a day`, perDay, DAY_S)
      if (spent !== undefined) return spent
    }
    const msgid = platform.sent.add(app.appKey, content)
    const reached: string[] = []
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
        { ...head, appKey: app.appKey, msgId: msgid, body: card === undefined ? body : cardBody(msgid, card) },
        [member.userid],
      )
      reached.push(member.userid)
    }
    if (card === undefined) return { ...refused, msgid }
    const sent = platform.cards.add({ msgid, appKey: app.appKey, card }, reached)
    return { ...refused, msgid, ...(answerable ? { response_code: platform.cards.issue(sent) } : {}) }
  },

  updateCard(call, request) {
    const { platform, app } = call
    const { agentid, response_code, button, template_card } = request
    if (agentid !== app.agentId) return fail(301002, 'not allow operate another agent with this accesstoken')
    const sent = platform.cards.behind(response_code)
    if (sent === undefined) return fail(60140, 'invalid response_code: unknown, spent or expired')
    if (sent.appKey !== app.appKey) return fail(42015, 'the card was sent by another app')
    const refusal = template_card === undefined ? undefined : leadsNowhere(call, template_card)
    if (refusal !== undefined) return refusal
    if (button !== undefined && !isInteractive(sent.card))
      return fail(40058, 'a card without buttons has none to change')
    const to = targetsOf(call, sent, request)
    if (to.userids.length === 0) return fail(81013, 'none of the recipients has the card')
    platform.cards.spend(response_code)
    for (const userid of to.userids) {
      const shown = sent.shown.get(userid)?.card ?? sent.card
      const card = template_card === undefined ? shown : { ...template_card, task_id: sent.card.task_id ?? '' }
      if (button === undefined) changeCard(platform, sent, userid, card)
      else showCard(platform, sent, userid, { card, replaced: button.replace_name })
    }
    return to.invalid
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

function recipients({ platform, app }: Call, { touser = '', toparty = '', totag = '' }: Recipients) {
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

/** Who of these got the card and is in range; the others are named [94888]. */
function targetsOf(call: Call, sent: SentCard, { userids, partyids, tagids, atall }: CardUpdate) {
  if (atall === 1) {
    return { userids: [...sent.shown.keys()], invalid: { invaliduser: [], invalidparty: [], invalidtag: [] } }
  }
  const to = recipients(call, {
    touser: userids?.join('|'),
    toparty: partyids?.join('|'),
    totag: tagids?.join('|'),
  })
  const found = to.members.map(({ userid }) => userid)
  const named = new Set(userids?.map((userid) => userid.toLowerCase()))
  const strangers = found.filter((userid) => !sent.shown.has(userid) && named.has(userid.toLowerCase()))
  return {
    userids: found.filter((userid) => sent.shown.has(userid)),
    invalid: {
      invaliduser: [...to.badUsers, ...strangers.map((userid) => userid.toLowerCase())],
      invalidparty: to.badParties.map(Number),
      invalidtag: to.badTags.map(Number),
    },
  }
}

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
      if (!isAddress(url)) return noAddress()
      const [most, mostBelow] = [value('message.card_title_chars'), value('message.card_desc_chars')]
      return { type: 'card', title: first(title, most), description: first(description, mostBelow), url }
    }
    case 'news': {
      const { linkedMiniPrograms } = call.platform.settings.value.corp
      if (message.news.articles.some(({ appid }) => Boolean(appid) && !linkedMiniPrograms.includes(appid ?? '')))
        return fail(90206, 'the mini program is not linked to the corp')
      // beside a mini program the address is let be
      if (message.news.articles.some(({ appid, url }) => !appid && !isAddress(url ?? ''))) return noAddress()
      const [article] = message.news.articles
      const { title = '', description = '', url } = article ?? {}
      return {
        type: 'card',
        title: cut(title, value('message.title_bytes')),
        description: cut(description, value('message.desc_bytes')),
        ...(url === undefined ? {} : { url }),
      }
    }
    case 'mpnews': {
      const bad = message.mpnews.articles
        .map((article) => mediumOf(call.platform, article.thumb_media_id, ['image']))
        .find((medium) => medium instanceof Fail)
      if (bad !== undefined) return bad
      const [article] = message.mpnews.articles
      const { title = '', digest = '' } = article ?? {}
      const [most, mostBelow] = [value('message.title_bytes'), value('message.desc_bytes')]
      return { type: 'card', title: cut(title, most), description: cut(digest, mostBelow) }
    }
    case 'miniprogram_notice': {
      const { appid, title, description = '' } = message.miniprogram_notice
      if (!call.platform.settings.value.corp.linkedMiniPrograms.includes(appid))
        return fail(90206, 'the mini program is not linked to the corp')
      return { type: 'card', title, description }
    }
    case 'template_card':
      return leadsNowhere(call, message.template_card) ?? cardBody('', message.template_card)
  }
}

/** Why what a card leads to is not there: its files are media that live, its mini programs are linked. */
function leadsNowhere({ platform }: Call, card: CardLook): Fail | undefined {
  const lines = 'horizontal_content_list' in card ? (card.horizontal_content_list ?? []) : []
  const files = lines.flatMap(({ type, media_id }) => (type === 2 && media_id !== undefined ? [media_id] : []))
  const bad = files.map((id) => mediumOf(platform, id, ['file', 'image', 'video'])).find((one) => one instanceof Fail)
  if (bad !== undefined) return bad
  const leads = [
    'card_action' in card ? card.card_action : undefined,
    'quote_area' in card ? card.quote_area : undefined,
    'image_text_area' in card ? card.image_text_area : undefined,
    ...('jump_list' in card ? (card.jump_list ?? []) : []),
  ]
  const { linkedMiniPrograms } = platform.settings.value.corp
  const linked = leads.every((lead) => lead?.type !== 2 || linkedMiniPrograms.includes(lead.appid ?? ''))
  return linked ? undefined : fail(90206, 'the mini program is not linked to the corp')
}

/** The page asks for the protocol to be there. */
const isAddress = (url: string): boolean => /^https?:\/\//i.test(url)
const noAddress = () => fail(40094, 'invalid url: it does not begin with http:// or https://')

/** So many characters of its beginning. */
const first = (text: string, most: number): string => [...text].slice(0, most).join('')

/** The longest beginning that fits into so many bytes, whole characters only. */
function cut(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text
  return new TextDecoder().decode(Buffer.from(text).subarray(0, bytes), { stream: true })
}
