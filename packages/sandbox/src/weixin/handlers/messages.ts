import { isLimitName } from '@nuanyu/wecom'
import type { MessageBody } from '../../admin/schema.people.ts'
import { Fail, fail } from '../../fail.ts'
import { reach } from '../reach.ts'
import { accountOf, personBehind, type WeixinCall, type WeixinGroupHandlers } from './call.ts'

const OVER_QUOTA = 'reach max api daily quota limit'

export const templateMessages: WeixinGroupHandlers<'templateMessages'> = {
  send(call, { touser, template_id, url, miniprogram, client_msg_id, data }) {
    const person = personBehind(call, touser)
    if (person instanceof Fail) return person
    const { account, customer } = person
    const { weixin, settings } = call.platform
    const template = account.templates.find((one) => one.id === template_id && one.use === 'template')
    if (template === undefined) return fail(40037, 'invalid template_id')
    if (weixin.followers.of(customer)?.following !== true) return fail(43004, 'require subscribe')
    // since 2023 one template may be refused by itself; nothing is told of it but this
    if (weixin.desk.refuses(account.appKey, customer, { template: template_id }))
      return fail(43101, 'user refuse to accept the msg')
    const missing = template.fields.find((field) => data[field] === undefined)
    if (missing !== undefined) return fail(47003, `argument invalid! data.${missing}.value is empty`)
    const once = client_msg_id === undefined ? undefined : `${account.appKey} ${client_msg_id}`
    const before = once === undefined ? undefined : weixin.sentOnce.get(once)
    if (before !== undefined) return { msgid: before }
    if (!weixin.desk.ofToday(`template ${account.appKey}`, settings.limits.value('oa.template_per_day')))
      return fail(45009, OVER_QUOTA)
    const msgid = weixin.newMessageId()
    if (once !== undefined) remember(weixin.sentOnce, once, msgid)
    const description = template.fields.map((field) => data[field]?.value ?? '').join('\n')
    const page = miniprogram === undefined ? url : `#mp:${miniprogram.appid}/${miniprogram.pagepath ?? ''}`
    const status = outcomeOf(call, account.appKey, customer)
    if (status === 'success') reach(call.platform, account, customer, card(template.title, description, page))
    weixin.callbacks.announce(account, customer, { kind: 'oa.template_sent', messageId: msgid, status })
    return { msgid }
  },
  list(call) {
    const templates = templatesOf(call, 'template')
    if (templates instanceof Fail) return templates
    return {
      template_list: templates.map(({ id, title, content }) => ({
        ...{ template_id: id, title, content, primary_industry: '消费品', deputy_industry: '消费品', example: '' },
      })),
    }
  },
}

/** An account's templates of one kind, with the text that its console shows. */
function templatesOf(call: WeixinCall, use: 'template' | 'subscribe') {
  const account = accountOf(call)
  if (account instanceof Fail) return account
  const own = account.templates.filter((one) => one.use === use)
  return own.map(({ id, title, fields }) => ({ id, title, content: fields.map((one) => `{{${one}.DATA}}`).join('\n') }))
}

/** A message is taken first and delivered afterwards: only the callback tells whether it was. */
function outcomeOf({ platform }: WeixinCall, appKey: string, customer: number): string {
  if (platform.weixin.desk.refuses(appKey, customer, 'all')) return 'failed:user block'
  const fault = platform.faults.hit({ appKey, event: 'weixin/oa.template_sent' }, ['undelivered'])
  return fault === undefined ? 'success' : 'failed: system failed'
}

/** Sender's ids that are kept, the oldest go first. */
const REMEMBERED = 100_000

function remember(sent: Map<string, string>, once: string, msgid: string): void {
  const oldest = sent.size < REMEMBERED ? undefined : sent.keys().next().value
  if (oldest !== undefined) sent.delete(oldest)
  sent.set(once, msgid)
}

function card(title: string, description: string, url: string | undefined): MessageBody {
  return { type: 'card', title, description, ...(url === undefined ? {} : { url }) }
}

export const serviceMessages: WeixinGroupHandlers<'serviceMessages'> = {
  send(call, message) {
    const person = personBehind(call, message.touser)
    if (person instanceof Fail) return person
    const { account, customer } = person
    const { weixin } = call.platform
    const body = bodyOf(call, message)
    if (body instanceof Fail) return body
    if (weixin.followers.of(customer)?.following !== true)
      return fail(45015, 'response out of time limit or subscription is canceled')
    if (weixin.desk.refuses(account.appKey, customer, 'all')) return fail(48002, 'user block')
    const spent = weixin.desk.spend(account.appKey, customer)
    if (spent === 'closed') return fail(45015, 'response out of time limit or subscription is canceled')
    if (spent === 'spent') return fail(45047, 'out of response count limit')
    reach(call.platform, account, customer, body)
    return {}
  },
}

type ServiceMessage = Parameters<(typeof serviceMessages)['send']>[1]

function bodyOf({ platform }: WeixinCall, message: ServiceMessage): MessageBody | Fail {
  switch (message.msgtype) {
    case 'text':
      return { type: 'text', content: message.text.content }
    case 'news': {
      const [{ title, description, url, picurl }] = message.news.articles
      return {
        type: 'link',
        title,
        url,
        ...(description === undefined ? {} : { desc: description }),
        ...(picurl === undefined ? {} : { picUrl: picurl }),
      }
    }
    case 'miniprogrampage': {
      const { title, appid, pagepath } = message.miniprogrampage
      return { type: 'miniprogram', title, appId: appid, page: pagepath }
    }
    case 'image': {
      const { media_id } = message.image
      if (platform.world.media.media.get(media_id) === undefined) return fail(40007, 'invalid media_id')
      return { type: 'image', url: `/media/${media_id}` }
    }
  }
}

export const subscribeMessages: WeixinGroupHandlers<'subscribeMessages'> = {
  list(call) {
    const templates = templatesOf(call, 'subscribe')
    if (templates instanceof Fail) return templates
    return {
      data: templates.map(({ id, title, content }) => ({ priTmplId: id, title, content, example: '', type: 2 })),
    }
  },
  send(call, { touser, template_id, page, data }) {
    const path = page?.split('?')[0]?.replace(/^\//, '')
    const unpublished = path !== undefined && path !== '' && !call.platform.settings.value.weixin.pages.includes(path)
    const msgid = agreed(
      call,
      { touser, template_id, data, page },
      unpublished ? fail(41030, 'invalid page') : undefined,
    )
    return msgid instanceof Fail ? msgid : { msgid }
  },
  notify(call, { touser, template_id, page, miniprogram, data }) {
    const to = miniprogram === undefined ? page : `#mp:${miniprogram.appid}/${miniprogram.pagepath ?? ''}`
    const msgid = agreed(call, { touser, template_id, data, page: to })
    return msgid instanceof Fail ? msgid : {}
  },
}

interface Agreed {
  readonly touser: string
  readonly template_id: string
  readonly page?: string | undefined
  readonly data: Readonly<Record<string, { readonly value: string }>>
}

/** Sends by an agreement and uses it up; answers the message's id. */
function agreed(call: WeixinCall, { touser, template_id, page, data }: Agreed, wrongPage?: Fail): string | Fail {
  const person = personBehind(call, touser)
  if (person instanceof Fail) return person
  const { account, customer } = person
  const { weixin, settings, faults } = call.platform
  const template = account.templates.find((one) => one.id === template_id && one.use === 'subscribe')
  if (template === undefined) return fail(40037, 'invalid template_id')
  for (const field of template.fields) {
    const wrong = breaks(call, field, data[field]?.value)
    if (wrong) return fail(47003, `argument invalid! data.${field}.value invalid`)
  }
  if (wrongPage !== undefined) return wrongPage
  if (weixin.desk.consents(account.appKey, customer, template_id) === 0)
    return fail(43101, 'user refuse to accept the msg')
  if (!weixin.desk.ofToday(`subscribe ${account.appKey}`, settings.limits.value('mp.subscribe_per_day')))
    return fail(45009, OVER_QUOTA)
  weixin.desk.use(account.appKey, customer, template_id)
  const messageId = weixin.newMessageId()
  const fault = faults.hit({ appKey: account.appKey, event: 'weixin/subscribe_message.sent' }, ['undelivered'])
  const description = template.fields.map((field) => data[field]?.value ?? '').join('\n')
  if (fault === undefined) reach(call.platform, account, customer, card(template.title, description, page))
  const [errorCode, errorStatus] = fault === undefined ? ['0', 'success'] : ['-1', 'system error']
  const result = { templateId: template_id, messageId, errorCode, errorStatus }
  weixin.callbacks.announce(account, customer, { kind: 'subscribe_message.sent', results: [result] })
  return messageId
}

/** Whether a value breaks the rule of its kind: `thing1` is a thing, at most so many characters. */
function breaks({ platform }: WeixinCall, field: string, value: string | undefined): boolean {
  if (value === undefined || value === '') return true
  const name = `mp.value_${field.replace(/\d+$/, '')}_chars`
  const longest = isLimitName(name) ? Number(platform.settings.limits.value(name)) : undefined
  return longest !== undefined && [...value].length > longest
}
