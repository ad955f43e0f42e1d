import { CorpId } from '../ids.ts'
import type { EventDeclaration } from './declaration.ts'
import { CallbackError, callbackCodes } from './error.ts'
import { eventDeclarations, type KnownEvent, type UnknownEvent, type WecomEvent } from './events/index.ts'
import { cdata, readFields, writeFields } from './fields.ts'
import { parseXml, textOf, type XmlTags } from './xml.ts'

const fixedOf = (declaration: EventDeclaration, xml: string): string | undefined => {
  for (const field of declaration.fields) if ('fixed' in field && field.xml === xml) return field.fixed
  return undefined
}

const byName = new Map(
  eventDeclarations.map((declaration) => [
    `${fixedOf(declaration, 'Event')}/${fixedOf(declaration, 'ChangeType') ?? ''}`,
    declaration,
  ]),
)
const byKind = new Map<string, EventDeclaration>(
  eventDeclarations.map((declaration) => [declaration.kind, declaration]),
)

/**
 * Reads the XML of an opened callback.
 *
 * An event that is not declared, or lacks what its declaration requires, comes back as `unknown` with its XML:
 * a surprise of the platform must not lose an event.
 *
 * @throws CallbackError -40002 when the text is not well-formed XML
 */
export function parseEvent(xml: string): WecomEvent {
  const tags = parseXml(xml, true)
  return known(tags) ?? unknown(tags, xml)
}

/**
 * Writes an event as the platform does: strings in CDATA, numbers bare, tags in the declared order.
 *
 * @throws CallbackError -40011 when the kind is not declared
 */
export function formatEvent(event: WecomEvent): string {
  if (event.kind === 'unknown') return event.raw
  const declaration = byKind.get(event.kind)
  if (declaration === undefined) throw new CallbackError(callbackCodes.generate, `no event of kind ${event.kind}`)
  if (event.suiteId !== undefined) return formatForSuite(declaration, event, event.suiteId)
  return (
    `<xml><ToUserName>${cdata(event.corpId)}</ToUserName>${senderTag(declaration, event)}` +
    `<CreateTime>${event.createTime}</CreateTime><MsgType>${cdata('event')}</MsgType>` +
    `${writeFields(declaration.fields, event)}</xml>`
  )
}

/** The envelope of a service provider's app: `InfoType` instead of `Event`, `TimeStamp` instead of `CreateTime`. */
function formatForSuite(declaration: EventDeclaration, event: KnownEvent, suiteId: string): string {
  const fields = declaration.fields.filter((field) => field.xml !== 'Event')
  // what concerns the provider alone names no corp
  const corp = event.corpId === suiteId ? '' : `<AuthCorpId>${cdata(event.corpId)}</AuthCorpId>`
  return (
    `<xml><SuiteId>${cdata(suiteId)}</SuiteId>${corp}<InfoType>${cdata(fixedOf(declaration, 'Event') ?? '')}</InfoType>` +
    `<TimeStamp>${event.createTime}</TimeStamp>${writeFields(fields, event)}</xml>`
  )
}

function senderTag(declaration: EventDeclaration, event: KnownEvent): string {
  if (declaration.from === 'none') return ''
  const sender = declaration.from === 'member' && 'userId' in event ? (event.userId ?? '') : 'sys'
  return `<FromUserName>${cdata(sender)}</FromUserName>`
}

interface Envelope {
  readonly event: string | undefined
  readonly corpId: string | undefined
  readonly createTime: number | undefined
  readonly msgType: string
  readonly suiteId: string | undefined
}

/** What stands around the business fields: of a corp's own app, or of a service provider's (D92277). */
function envelopeOf(tags: XmlTags): Envelope {
  const suiteId = textOf(tags, 'SuiteId')
  if (suiteId) {
    return {
      event: textOf(tags, 'InfoType'),
      corpId: textOf(tags, 'AuthCorpId') || suiteId,
      createTime: seconds(tags, 'TimeStamp'),
      msgType: 'event',
      suiteId,
    }
  }
  return {
    event: textOf(tags, 'Event'),
    corpId: textOf(tags, 'ToUserName'),
    createTime: seconds(tags, 'CreateTime'),
    msgType: textOf(tags, 'MsgType') ?? '',
    suiteId: undefined,
  }
}

function known(tags: XmlTags): KnownEvent | undefined {
  const { event, corpId, createTime, msgType, suiteId } = envelopeOf(tags)
  if (msgType !== 'event') return undefined
  const declaration = byName.get(`${event ?? ''}/${textOf(tags, 'ChangeType') ?? ''}`)
  if (declaration === undefined || !corpId || createTime === undefined) return undefined
  const sender = textOf(tags, 'FromUserName')
  if (declaration.from === 'member' && !sender) return undefined
  const fields = readFields(declaration.fields, tags)
  if (fields === undefined) return undefined
  const member = declaration.from === 'member' ? { userId: sender } : {}
  const suite = suiteId === undefined ? {} : { suiteId }
  // The declaration read every field with its type: this is the one place where that becomes the union's type.
  return { kind: declaration.kind, corpId, createTime, ...suite, ...member, ...fields } as unknown as KnownEvent
}

function unknown(tags: XmlTags, raw: string): UnknownEvent {
  const { event, corpId, createTime, msgType } = envelopeOf(tags)
  const changeType = textOf(tags, 'ChangeType')
  return {
    kind: 'unknown',
    corpId: CorpId.safeParse(corpId).data ?? noCorp,
    createTime: createTime ?? 0,
    msgType,
    ...(event === undefined ? {} : { event }),
    ...(changeType === undefined ? {} : { changeType }),
    raw,
  }
}

const noCorp = CorpId.parse('-')

function seconds(tags: XmlTags, tag: string): number | undefined {
  const text = textOf(tags, tag) ?? ''
  return /^\d{1,12}$/.test(text) ? Number(text) : undefined
}
