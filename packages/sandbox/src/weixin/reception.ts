import { refuse } from '../admin/refusal.ts'
import type { Platform } from '../platform.ts'
import type { WeixinAccount } from './accounts.ts'

/** What somebody lets an account send him: his answers when he is asked, and what he sets himself. */

function accountOf({ weixin }: Platform, key: string): WeixinAccount {
  const account = weixin.accounts.get(key)
  if (account === undefined)
    throw refuse(404, 'account_unknown', `there is no account ${key}`, '没有这个公众号或小程序')
  return account
}

/** He is asked (`wx.requestSubscribeMessage`, or a page of the Official Account) and answers for each template. */
export function answerSubscription(
  platform: Platform,
  customer: number,
  answers: readonly { id: string; accept: boolean }[],
  key = 'shop',
): void {
  const { settings, weixin } = platform
  const account = accountOf(platform, key)
  if (answers.length > settings.limits.value('mp.consent_templates'))
    throw refuse(400, 'malformed', 'too many templates in one question', '一次最多订阅 3 个模板')
  for (const { id } of answers) templateOf(account, id, 'subscribe')
  // what he refuses in his settings is not asked any more: the phone answers for him
  const said = answers.map(({ id, accept }) => ({
    id,
    accept: accept && !weixin.desk.refuses(account.appKey, customer, { template: id }),
  }))
  for (const { id, accept } of said) {
    weixin.tally.note(`subscribe_message.${accept ? 'accepted' : 'rejected'}`, customer)
    if (accept) weixin.desk.consent(account.appKey, customer, id)
  }
  const told = said.map(({ id, accept }) => ({
    templateId: id,
    status: accept ? 'accept' : 'reject',
    popupScene: account.kind === 'miniprogram' ? '0' : '1',
  }))
  weixin.callbacks.announce(account, customer, { kind: 'subscribe_message.answered', answers: told })
}

/**
 * He turns the messages of one template off or on again in his settings. Only turning off a template that one subscribes
 * to is told; of a template message the next sending answers 43101.
 */
export function setTemplate(
  platform: Platform,
  customer: number,
  { account: key, template: id, receive }: { account: string; template: string; receive: boolean },
): void {
  const account = accountOf(platform, key)
  const { weixin } = platform
  const template = templateOf(account, id)
  const was = weixin.desk.refuses(account.appKey, customer, { template: id })
  weixin.desk.setRefuses(account.appKey, customer, { template: id }, !receive)
  if (was || receive || template.use !== 'subscribe') return
  const changes = [{ templateId: id, status: 'reject' }]
  weixin.callbacks.announce(account, customer, { kind: 'subscribe_message.changed', changes })
}

/** 接收消息 on the page of an Official Account, which nothing tells: the next message fails. */
export function setReception(platform: Platform, customer: number, receive: boolean): void {
  const { weixin } = platform
  if (weixin.followers.of(customer)?.following !== true)
    throw refuse(409, 'not_following', 'follow the account first', '请先关注公众号')
  weixin.desk.setRefuses(accountOf(platform, 'service').appKey, customer, 'all', !receive)
}

function templateOf(account: WeixinAccount, id: string, use?: 'subscribe') {
  const template = account.templates.find((one) => one.id === id && (use === undefined || one.use === use))
  if (template === undefined) throw refuse(404, 'template_unknown', `there is no template ${id}`, '没有这个模板')
  return template
}

/** Somebody lets a page of the Official Account know who he is; answers the code. */
export function authorize(
  platform: Platform,
  account: WeixinAccount,
  customer: number,
  scope: 'snsapi_base' | 'snsapi_userinfo',
): string {
  const isSnapshot = platform.settings.value.weixin.snapshotPages
  return platform.weixin.grants.issue({ account: account.appKey, customer, scope, isSnapshot })
}

/** The whole scope is silent too for a follower; others are asked. */
export function isSilent({ weixin }: Platform, customer: number, scope: string): boolean {
  return scope === 'snsapi_base' || weixin.followers.of(customer)?.following === true
}
