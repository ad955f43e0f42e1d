import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { listOf } from '../../fields.ts'
import { OpenId, WeixinTemplateId } from '../ids.ts'
import { pages } from '../pages.ts'

const Target = z.object({ appid: z.string().min(1), pagepath: z.string().optional() })

/** 模板消息 of a service account. */
export const templateMessages = {
  /**
   * The outcome comes as a callback (`oa.template_sent`) with the same `msgid`. 43101: he refuses this template; 43004: he
   * does not follow. Who refuses all messages of the account is told by the callback only (`failed:user block`).
   */
  send: endpoint({
    method: 'POST',
    path: '/cgi-bin/message/template/send',
    doc: pages.template,
    request: z.object({
      touser: OpenId,
      template_id: WeixinTemplateId,
      url: z.string().optional(),
      miniprogram: Target.optional(),
      /** Keeps the platform from sending the same twice. */
      client_msg_id: z.string().optional(),
      data: z.record(z.string(), z.object({ value: z.string(), color: z.string().optional() }), '47003 data'),
    }),
    response: z.object({ msgid: z.coerce.string<number | string>() }),
    repeat: 'never',
    errors: [40003, 40037, 43004, 43101, 45009, 47003, 48001],
    credential: ['official'],
    limits: ['oa.template_per_day'],
  }),
  /** The templates that the account has now. */
  list: endpoint({
    method: 'GET',
    path: '/cgi-bin/template/get_all_private_template',
    doc: pages.template,
    request: z.object({}),
    response: z.object({
      template_list: listOf(
        z.object({
          template_id: z.string(),
          title: z.string(),
          primary_industry: z.string().optional(),
          deputy_industry: z.string().optional(),
          content: z.string(),
          example: z.string().optional(),
        }),
      ),
    }),
    repeat: 'safe',
    errors: [48001],
    credential: ['official'],
    limits: ['oa.templates_max'],
  }),
}

const Content = z.string().min(1, '44004 the text is empty')

/** 客服消息: a few messages after the person has written, scanned, clicked or followed. */
export const serviceMessages = {
  send: endpoint({
    method: 'POST',
    path: '/cgi-bin/message/custom/send',
    doc: pages.service,
    request: z.discriminatedUnion(
      'msgtype',
      [
        z.object({ touser: OpenId, msgtype: z.literal('text'), text: z.object({ content: Content }) }),
        z.object({
          touser: OpenId,
          msgtype: z.literal('image'),
          image: z.object({ media_id: z.string().min(1, '40007 missing') }),
        }),
        z.object({
          touser: OpenId,
          msgtype: z.literal('news'),
          news: z.object({
            articles: z.tuple([
              z.object({
                title: z.string(),
                description: z.string().optional(),
                url: z.string(),
                picurl: z.string().optional(),
              }),
            ]),
          }),
        }),
        z.object({
          touser: OpenId,
          msgtype: z.literal('miniprogrampage'),
          miniprogrampage: z.object({
            title: z.string(),
            appid: z.string().min(1),
            pagepath: z.string(),
            thumb_media_id: z.string().min(1, '40007 missing'),
          }),
        }),
      ],
      '40008 msgtype',
    ),
    response: z.object({}),
    repeat: 'never',
    errors: [40003, 40007, 40008, 44004, 45009, 45015, 45047, 48001, 48002],
    credential: ['official'],
    limits: ['oa.reply_window_s', 'oa.reply_messages', 'oa.event_window_s', 'oa.event_messages'],
  }),
}

/** 订阅消息 of a mini program: one consent, one message. */
export const subscribeMessages = {
  /** The templates that the account has now; of a mini program or of a service account alike. `type` 2: once, 3: for long. */
  list: endpoint({
    method: 'GET',
    path: '/wxaapi/newtmpl/gettemplate',
    doc: pages.subscribeTemplates,
    request: z.object({}),
    response: z.object({
      data: listOf(
        z.object({
          priTmplId: z.string(),
          title: z.string(),
          content: z.string(),
          example: z.string().optional(),
          type: z.int(),
        }),
      ),
    }),
    repeat: 'safe',
    errors: [48001],
    credential: ['official', 'miniprogram'],
  }),
  send: endpoint({
    method: 'POST',
    path: '/cgi-bin/message/subscribe/send',
    doc: pages.subscribe,
    request: z.object({
      touser: OpenId,
      template_id: WeixinTemplateId,
      page: z.string().optional(),
      /** Keys name their kind: `thing1`, `amount2`, `time3`. */
      data: z.record(z.string(), z.object({ value: z.coerce.string<string | number>() }), '47003 data'),
      miniprogram_state: z.enum(['developer', 'trial', 'formal']).optional(),
      lang: z.string().optional(),
    }),
    response: z.object({ msgid: z.coerce.string<number | string>().optional() }),
    repeat: 'never',
    errors: [40003, 40037, 41030, 43101, 43107, 45009, 45168, 47003, 48001],
    credential: ['miniprogram'],
    limits: ['mp.subscribe_per_day', 'mp.consent_templates'],
  }),
  /** 订阅通知 of a service account: one consent (on a page or in an article of its), one message. */
  notify: endpoint({
    method: 'POST',
    path: '/cgi-bin/message/subscribe/bizsend',
    doc: pages.notify,
    request: z.object({
      touser: OpenId,
      template_id: WeixinTemplateId,
      /** Address of a web page; `miniprogram` goes first. */
      page: z.string().optional(),
      miniprogram: Target.optional(),
      data: z.record(z.string(), z.object({ value: z.coerce.string<string | number>() }), '47003 data'),
    }),
    response: z.object({}),
    repeat: 'never',
    errors: [40003, 40037, 43101, 43107, 45009, 47003, 48001],
    credential: ['official'],
  }),
}
