import { openReply, sealReply } from '../callback/codec.ts'
import { CallbackError, callbackCodes } from '../callback/error.ts'
import { cdata } from '../callback/fields.ts'
import { parseXml, textOf } from '../callback/xml.ts'
import type { WeixinCallbackKeys } from './codec.ts'

/**
 * 被动回复 (https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Passive_user_reply_message.html): what a
 * callback of a person's message or act may be answered with, to be shown to him at once.
 */
export type WeixinReply =
  | { readonly type: 'text'; readonly content: string }
  /** Handed over to the people of the account's customer service. */
  | { readonly type: 'transfer_customer_service' }

interface Envelope {
  /** The account's original id, `gh_…`. */
  readonly accountId: string
  readonly openId: string
  /** Seconds since 1970. */
  readonly createTime: number
}

/** Writes a passive reply: encrypted for an account that has a key. Nothing to say is `success` or an empty body. */
export function sealWeixinReply(
  options: WeixinCallbackKeys & Envelope & { readonly reply: WeixinReply; readonly nonce: string },
): string {
  const { token, aesKey, appId, reply, accountId, openId, createTime, nonce } = options
  const content = reply.type === 'text' ? `<Content>${cdata(reply.content)}</Content>` : ''
  const xml =
    `<xml><ToUserName>${cdata(openId)}</ToUserName><FromUserName>${cdata(accountId)}</FromUserName>` +
    `<CreateTime>${createTime}</CreateTime><MsgType>${cdata(reply.type)}</MsgType>${content}</xml>`
  return aesKey === undefined ? xml : sealReply({ token, aesKey, receiveId: appId, xml, timestamp: createTime, nonce })
}

/**
 * Reads what a callback was answered with, as WeChat does: undefined when there is nothing to say.
 *
 * @throws CallbackError for anything that is neither nothing nor a reply to this very person: he is then shown a fault
 */
export function openWeixinReply(
  options: WeixinCallbackKeys & Pick<Envelope, 'openId'> & { readonly body: string },
): WeixinReply | undefined {
  const { token, aesKey, appId, openId } = options
  const body = options.body.trim()
  if (body === '' || body === 'success') return undefined
  const tags = parseXml(aesKey === undefined ? body : openReply({ token, aesKey, receiveId: appId }, body).xml, true)
  if (textOf(tags, 'ToUserName') !== openId) throw new CallbackError(callbackCodes.parse, 'a reply to somebody else')
  const type = textOf(tags, 'MsgType')
  if (type === 'transfer_customer_service') return { type }
  const content = textOf(tags, 'Content') ?? ''
  if (type !== 'text' || content === '') throw new CallbackError(callbackCodes.parse, `no reply of type ${type}`)
  return { type, content }
}
