import { CallbackError, callbackCodes } from '../callback/error.ts'
import { type AnyField, cdata, type FixedField, readFields, type ValueOf, writeFields } from '../callback/fields.ts'
import { parseXml, textOf, type XmlTags } from '../callback/xml.ts'
import { weixinEventDeclarations, type weixinEvents } from './events.ts'
import type { OpenId } from './ids.ts'

/** One event or message of a WeChat account, described once. */
export interface WeixinEventDeclaration<
  Kind extends string = string,
  Fields extends readonly (AnyField | FixedField)[] = readonly (AnyField | FixedField)[],
> {
  readonly kind: Kind
  /** Address of the official page. */
  readonly doc: string
  readonly msgType: 'event' | 'text'
  /** What stands after MsgType, in the platform's order. */
  readonly fields: Fields
}

interface Head {
  /** The account's original id, `gh_…`; not its appid. */
  readonly accountId: string
  readonly openId: OpenId
  /** Seconds since 1970. */
  readonly createTime: number
}
type Flat<T> = { [Key in keyof T]: T[Key] }
type EventOf<Declaration> =
  Declaration extends WeixinEventDeclaration<infer Kind, infer Fields>
    ? Flat<{ readonly kind: Kind } & Head & Readonly<ValueOf<Fields>>>
    : never

export type KnownWeixinEvent = EventOf<(typeof weixinEvents)[number]>

/** An event or message that is not declared: kept as it came. */
export interface UnknownWeixinEvent {
  readonly kind: 'unknown'
  readonly accountId: string
  readonly openId: string
  readonly createTime: number
  readonly msgType: string
  readonly event?: string
  readonly raw: string
}

/** Everything a WeChat account may be called back with; tell the cases apart by `kind`. */
export type WeixinEvent = KnownWeixinEvent | UnknownWeixinEvent
export type WeixinEventKind = WeixinEvent['kind']

const eventOf = ({ fields }: WeixinEventDeclaration): string =>
  fields.reduce((name, field) => ('fixed' in field && field.xml === 'Event' ? field.fixed : name), '')
const byName = new Map(weixinEventDeclarations.map((one) => [`${one.msgType}/${eventOf(one)}`, one]))
const byKind = new Map<string, WeixinEventDeclaration>(weixinEventDeclarations.map((one) => [one.kind, one]))

/**
 * Reads the XML of an opened callback of an Official Account or mini program; what is not declared comes back as `unknown`.
 *
 * @throws CallbackError -40002 when the text is not well-formed XML
 */
export function parseWeixinEvent(xml: string): WeixinEvent {
  const tags = parseXml(xml, true)
  return known(tags) ?? unknown(tags, xml)
}

/** Writes an event as the platform does; throws CallbackError -40011 for a kind that is not declared. */
export function formatWeixinEvent(event: WeixinEvent): string {
  if (event.kind === 'unknown') return event.raw
  const declaration = byKind.get(event.kind)
  if (declaration === undefined) throw new CallbackError(callbackCodes.generate, `no event of kind ${event.kind}`)
  return (
    `<xml><ToUserName>${cdata(event.accountId)}</ToUserName><FromUserName>${cdata(event.openId)}</FromUserName>` +
    `<CreateTime>${event.createTime}</CreateTime><MsgType>${cdata(declaration.msgType)}</MsgType>` +
    `${writeFields(declaration.fields, event)}</xml>`
  )
}

/**
 * What makes two deliveries the same: the message's id, or sender and time of an event. Two taps, scans or results of one
 * second are two.
 */
export function weixinEventKey(event: WeixinEvent): string {
  if (event.kind === 'oa.text_received') return `m ${event.messageId}`
  const name = event.kind === 'unknown' ? `${event.msgType} ${event.event ?? ''}` : event.kind
  return `e ${event.openId} ${event.createTime} ${name} ${detailOf(event)}`
}

function detailOf(event: WeixinEvent): string {
  switch (event.kind) {
    case 'oa.template_sent':
      return event.messageId
    case 'oa.scanned':
    case 'oa.menu_clicked':
    case 'oa.menu_viewed':
    case 'oa.menu_miniprogram':
      return event.eventKey
    case 'subscribe_message.sent':
      return event.results.map(({ messageId }) => messageId).join()
    case 'subscribe_message.answered':
      return event.answers.map(({ templateId, status }) => `${templateId}=${status}`).join()
    case 'subscribe_message.changed':
      return event.changes.map(({ templateId, status }) => `${templateId}=${status}`).join()
    default:
      return ''
  }
}

/** The scene behind a follow (`qrscene_` taken off) or a scan; undefined without a code. */
export function sceneOf(event: { readonly kind: string; readonly eventKey?: string | undefined }): string | undefined {
  const key = event.eventKey
  if (key === undefined || key === '') return undefined
  if (event.kind === 'oa.scanned') return key
  return key.startsWith('qrscene_') ? key.slice('qrscene_'.length) : undefined
}

function headOf(tags: XmlTags) {
  const time = textOf(tags, 'CreateTime') ?? ''
  return {
    accountId: textOf(tags, 'ToUserName') ?? '',
    openId: textOf(tags, 'FromUserName') ?? '',
    createTime: /^\d{1,12}$/.test(time) ? Number(time) : undefined,
    msgType: textOf(tags, 'MsgType') ?? '',
    event: textOf(tags, 'Event'),
  }
}

function known(tags: XmlTags): KnownWeixinEvent | undefined {
  const { accountId, openId, createTime, msgType, event } = headOf(tags)
  const declaration = byName.get(`${msgType}/${event ?? ''}`)
  if (declaration === undefined || accountId === '' || openId === '' || createTime === undefined) return undefined
  const fields = readFields(declaration.fields, tags)
  if (fields === undefined) return undefined
  // The declaration read every field with its type: this is the one place where that becomes the union's type.
  return { kind: declaration.kind, accountId, openId, createTime, ...fields } as unknown as KnownWeixinEvent
}

function unknown(tags: XmlTags, raw: string): UnknownWeixinEvent {
  const { event, createTime = 0, ...head } = headOf(tags)
  return { kind: 'unknown', ...head, createTime, ...(event === undefined ? {} : { event }), raw }
}
