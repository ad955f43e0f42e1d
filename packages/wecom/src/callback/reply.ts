import { CardLook, type TemplateCard } from '../endpoints/template-card.ts'
import { defaultLimitProfile, type LimitProfile, underLimits } from '../limits.ts'
import { readCard, writeCard } from './card-xml.ts'
import { type CallbackKeys, openReply, sealReply } from './codec.ts'
import { CallbackError, callbackCodes } from './error.ts'
import { cdata } from './fields.ts'
import { parseXml, textOf } from './xml.ts'

/**
 * What the callback of a tapped card may be answered with at once (D90241): it changes the card of who tapped it, and of
 * nobody else. Needs no `response_code`; for a change later, or for others, there is `messages.updateCard` (D94888).
 */
export type CardReply =
  /** The buttons become this text; only cards of the three interactive types have any. */
  | { readonly type: 'update_button'; readonly replaceName: string }
  /** The card becomes this one, of any of the five types, and keeps its task. */
  | { readonly type: 'update_template_card'; readonly card: CardLook }

/**
 * Writes and encrypts a passive reply to a tapped card: the whole body of the callback's answer.
 *
 * @param options.receiveId the corp id, from whom the reply comes
 * @param options.userId the member who tapped
 * @param options.createTime seconds since 1970, also the stamp of the signature
 */
export function sealCardReply(
  options: CallbackKeys & {
    readonly userId: string
    readonly createTime: number
    readonly nonce: string
    readonly reply: CardReply
    readonly random?: Uint8Array
  },
): string {
  const { receiveId, userId, createTime, reply } = options
  const content =
    reply.type === 'update_button'
      ? `<Button><ReplaceName>${cdata(reply.replaceName)}</ReplaceName></Button>`
      : `<TemplateCard>${writeCard(reply.card)}</TemplateCard>`
  const xml =
    `<xml><ToUserName>${cdata(userId)}</ToUserName><FromUserName>${cdata(receiveId)}</FromUserName>` +
    `<CreateTime>${createTime}</CreateTime><MsgType>${cdata(reply.type)}</MsgType>${content}</xml>`
  return sealReply({ ...options, xml, timestamp: createTime })
}

/**
 * Reads what the callback of a tapped card was answered with; undefined when nothing was said (an empty body, `success`).
 *
 * @param options.userId who tapped: a reply to anybody else is refused
 * @param options.taskId the task of the card that was tapped, which a new card keeps
 * @throws CallbackError -40001 signature, -40002 no reply to this tap, or a card that message/send would refuse
 */
export function openCardReply(
  options: CallbackKeys & {
    readonly userId: string
    readonly taskId: string
    readonly body: string
    readonly limits?: LimitProfile
  },
): { readonly type: 'update_button'; readonly replaceName: string } | CardChange | undefined {
  const body = options.body.trim()
  if (body === '' || body === 'success') return undefined
  const tags = parseXml(openReply(options, body).xml, true)
  if (textOf(tags, 'ToUserName') !== options.userId) throw refused('a reply to somebody else')
  const type = textOf(tags, 'MsgType')
  if (type === 'update_button') {
    const button = tags['Button']
    const replaceName = typeof button === 'object' && 'ReplaceName' in button ? button.ReplaceName : undefined
    if (typeof replaceName !== 'string' || replaceName === '') throw refused('the button’s name is missing')
    return { type, replaceName }
  }
  const card = tags['TemplateCard']
  if (type !== 'update_template_card' || card === undefined) throw refused(`no reply of type ${type}`)
  const checked = underLimits(options.limits ?? defaultLimitProfile, () => CardLook.safeParse(readCard(card)))
  if (!checked.success) throw refused(checked.error.issues[0]?.message ?? 'the card is not one')
  return { type, card: { ...checked.data, task_id: options.taskId } }
}

interface CardChange {
  readonly type: 'update_template_card'
  readonly card: TemplateCard
}

const refused = (why: string) => new CallbackError(callbackCodes.parse, why)
