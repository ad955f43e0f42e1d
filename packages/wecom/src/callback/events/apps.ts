import { event, memberEvent, senderlessEvent } from '../declaration.ts'
import { decimal, fixed, group, int, items, list, optional, repeated, text } from '../fields.ts'

const named = (name: string) => fixed('Event', name)
const agentId = int('AgentID', 'agentId')
const eventKey = text('EventKey', 'eventKey')
const appType = optional(text('AppType', 'appType'))
/** Seconds since 1970. */
const effectTime = int('EffectTime', 'effectTime')

const scan = group('ScanCodeInfo', 'scan', [text('ScanType', 'type'), text('ScanResult', 'result')])
const pictures = group('SendPicsInfo', 'pictures', [
  int('Count', 'count'),
  list('PicList', 'list', 'item', [text('PicMd5Sum', 'md5')]),
])
const place = group('SendLocationInfo', 'place', [
  text('Location_X', 'latitude'),
  text('Location_Y', 'longitude'),
  text('Scale', 'scale'),
  text('Label', 'label'),
  text('Poiname', 'name'),
])
const card = [
  eventKey,
  text('TaskId', 'taskId'),
  optional(text('CardType', 'cardType')),
  optional(text('ResponseCode', 'responseCode')),
  agentId,
] as const

const person = [text('ItemName', 'name'), text('ItemUserId', 'userId'), optional(text('ItemImage', 'image'))] as const
const approval = group('ApprovalInfo', 'approval', [
  text('ThirdNo', 'thirdNo'),
  text('OpenSpName', 'name'),
  text('OpenTemplateId', 'templateId'),
  int('OpenSpStatus', 'status'),
  int('ApplyTime', 'applyTime'),
  text('ApplyUserName', 'applicantName'),
  text('ApplyUserId', 'applicantId'),
  optional(text('ApplyUserParty', 'applicantParty')),
  optional(text('ApplyUserImage', 'applicantImage')),
  list('ApprovalNodes', 'nodes', 'ApprovalNode', [
    int('NodeStatus', 'status'),
    int('NodeAttr', 'attribute'),
    int('NodeType', 'type'),
    list('Items', 'approvers', 'Item', [
      ...person,
      int('ItemStatus', 'status'),
      text('ItemSpeech', 'speech'),
      int('ItemOpTime', 'operatedAt'),
    ]),
  ]),
  optional(list('NotifyNodes', 'notified', 'NotifyNode', person)),
  optional(int('approverstep', 'step')),
])

/** What members do in the app, and what happens to the app itself (D90240). */
export const appEvents = [
  /** The member entered the app's visible range. */
  memberEvent('app.subscribed', 90240, [named('subscribe'), agentId]),
  /** The member left the app's visible range. */
  memberEvent('app.unsubscribed', 90240, [named('unsubscribe'), agentId]),
  memberEvent('app.entered', 90240, [named('enter_agent'), eventKey, agentId]),
  memberEvent('app.located', 90240, [
    named('LOCATION'),
    decimal('Latitude', 'latitude'),
    decimal('Longitude', 'longitude'),
    decimal('Precision', 'precision'),
    agentId,
    appType,
  ]),
  memberEvent('app.menu_clicked', 90240, [named('click'), eventKey, agentId]),
  memberEvent('app.menu_viewed', 90240, [named('view'), eventKey, agentId]),
  memberEvent('app.miniprogram_viewed', 90240, [named('view_miniprogram'), eventKey, agentId]),
  memberEvent('app.code_scanned', 90240, [named('scancode_push'), eventKey, scan, agentId]),
  memberEvent('app.code_scanned_waiting', 90240, [named('scancode_waitmsg'), eventKey, scan, agentId]),
  memberEvent('app.photo_taken', 90240, [named('pic_sysphoto'), eventKey, pictures, agentId]),
  memberEvent('app.photo_chosen', 90240, [named('pic_photo_or_album'), eventKey, pictures, agentId]),
  memberEvent('app.album_chosen', 90240, [named('pic_weixin'), eventKey, pictures, agentId]),
  memberEvent('app.place_chosen', 90240, [named('location_select'), eventKey, place, agentId, appType]),
  event('app.approval_changed', 90240, [named('open_approval_change'), agentId, approval]),
  event('app.share_agent_changed', 90240, [named('share_agent_change'), agentId]),
  event('app.share_chain_changed', 90240, [named('share_chain_change'), agentId]),
  memberEvent('app.card_clicked', 90240, [
    named('template_card_event'),
    ...card,
    optional(
      list('SelectedItems', 'selected', 'SelectedItem', [
        text('QuestionKey', 'question'),
        items('OptionIds', 'options', 'OptionId'),
      ]),
    ),
  ]),
  /** The older task card. */
  memberEvent('app.task_card_clicked', 90240, [
    named('taskcard_click'),
    eventKey,
    text('TaskId', 'taskId'),
    int('AgentId', 'agentId'),
  ]),
  memberEvent('app.card_menu_clicked', 90240, [named('template_card_menu_event'), ...card]),
  /** The app will be suspended at `effectTime` because nobody opens it. */
  event('app.inactive_alert', 90240, [named('inactive_alert'), agentId, effectTime]),
  event('app.inactive_closed', 90240, [named('close_inactive_agent'), agentId]),
  memberEvent('app.inactive_reopened', 90240, [named('reopen_inactive_agent'), agentId]),
  event('app.low_active_alert', 90240, [named('low_active_alert'), agentId, effectTime]),
  event('app.low_active', 90240, [named('low_active'), agentId]),
  event('app.active_restored', 90240, [named('active_restored'), agentId]),
] as const

/** WeChat KF, chat archive, asynchronous uploads. */
export const serviceEvents = [
  /** Messages wait at `kf/sync_msg` with this token, for ten minutes (D94670). */
  senderlessEvent('kf.message_waiting', 94670, [
    named('kf_msg_or_event'),
    text('Token', 'token'),
    text('OpenKfId', 'openKfId'),
  ]),
  event('kf.accounts_changed', 97712, [
    named('kf_account_auth_change'),
    repeated('AuthAddOpenKfId', 'added'),
    repeated('AuthDelOpenKfId', 'removed'),
  ]),
  /** Archived messages wait; at most every 15 s (D95039). */
  event('archive.messages_waiting', 95039, [agentId, named('msgaudit_notify')]),
  event('media.upload_finished', 96219, [named('upload_media_job_finish'), text('JobId', 'jobId')]),
] as const
