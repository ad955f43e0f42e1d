import type { AnyField, FixedField } from '../callback/fields.ts'
import { fixed, list, optional, text } from '../callback/fields.ts'
import type { WeixinEventDeclaration } from './event.ts'
import { pages } from './pages.ts'

function declared<
  const Kind extends string,
  const Type extends 'event' | 'text',
  const Fields extends readonly (AnyField | FixedField)[],
>(kind: Kind, doc: string, msgType: Type, fields: Fields): WeixinEventDeclaration<Kind, Fields> {
  return { kind, doc, msgType, fields }
}

const named = (name: string) => fixed('Event', name)
const eventKey = text('EventKey', 'eventKey')
const templateId = text('TemplateId', 'templateId')
/** `accept` or `reject`. */
const status = text('SubscribeStatusString', 'status')

/** What an Official Account or a mini program is told. */
export const weixinEvents = [
  /** Somebody follows; with `eventKey` `qrscene_…` and `ticket` when he came by a code with a scene. */
  declared('oa.subscribed', pages.events, 'event', [
    named('subscribe'),
    optional(eventKey),
    optional(text('Ticket', 'ticket')),
  ]),
  /** The platform asks to delete what was kept of him for following. */
  declared('oa.unsubscribed', pages.events, 'event', [named('unsubscribe'), optional(eventKey)]),
  /** A follower scanned a code with a scene; `eventKey` is the scene. */
  declared('oa.scanned', pages.events, 'event', [named('SCAN'), eventKey, text('Ticket', 'ticket')]),
  declared('oa.menu_clicked', pages.menuEvents, 'event', [named('CLICK'), eventKey]),
  /** `eventKey` is the address; `menuId` tells a conditional menu. */
  declared('oa.menu_viewed', pages.menuEvents, 'event', [named('VIEW'), eventKey, optional(text('MenuId', 'menuId'))]),
  /** `eventKey` is the page of the mini program. */
  declared('oa.menu_miniprogram', pages.menuEvents, 'event', [
    named('view_miniprogram'),
    eventKey,
    optional(text('MenuId', 'menuId')),
  ]),
  /** How a template message went: `success`, `failed:user block`, `failed: system failed`. */
  declared('oa.template_sent', pages.templateResult, 'event', [
    named('TEMPLATESENDJOBFINISH'),
    text('MsgID', 'messageId'),
    text('Status', 'status'),
  ]),
  declared('oa.text_received', pages.messages, 'text', [
    text('Content', 'content'),
    text('MsgId', 'messageId'),
    optional(text('MsgDataId', 'dataId')),
    optional(text('Idx', 'index')),
  ]),
  /** The person answered a request to subscribe. `popupScene` 0 in a mini program, 1 on a page, 2 in an article. OA: `pages.notifyEvents`. */
  declared('subscribe_message.answered', pages.subscribeEvents, 'event', [
    named('subscribe_msg_popup_event'),
    list('SubscribeMsgPopupEvent', 'answers', 'List', [templateId, status, text('PopupScene', 'popupScene')]),
  ]),
  /** The person changed it in his settings; only refusals are told. */
  declared('subscribe_message.changed', pages.subscribeEvents, 'event', [
    named('subscribe_msg_change_event'),
    list('SubscribeMsgChangeEvent', 'changes', 'List', [templateId, status]),
  ]),
  /** How a subscribe message went; `errorCode` 0 is success. */
  declared('subscribe_message.sent', pages.subscribeEvents, 'event', [
    named('subscribe_msg_sent_event'),
    list('SubscribeMsgSentEvent', 'results', 'List', [
      templateId,
      text('MsgID', 'messageId'),
      text('ErrorCode', 'errorCode'),
      text('ErrorStatus', 'errorStatus'),
    ]),
  ]),
] as const

export const weixinEventDeclarations: readonly WeixinEventDeclaration[] = [...weixinEvents]
