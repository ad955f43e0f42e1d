import { z } from 'zod'
import { Attachment, WelcomeText } from '../attachments.ts'
import { endpoint } from '../endpoint.ts'
import { required, upTo } from '../fields.ts'
import { WelcomeCode } from '../ids.ts'

export const welcome = {
  /**
   * Greets a new customer once, within `welcome_code.ttl_s` of the add event.
   * 41050 too late or unknown code; 41051 already greeted or chatting; 41096 another app is sending, may be repeated.
   */
  send: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/send_welcome_msg',
    doc: 92137,
    request: z
      .object({
        welcome_code: required(41049, WelcomeCode),
        text: WelcomeText.optional(),
        attachments: upTo('welcome.attachments', Attachment, { code: 41064 }).optional(),
      })
      .refine(
        (w) => Boolean(w.text?.content) || Boolean(w.attachments?.length),
        '40058 text and attachments are both empty',
      ),
    response: z.object({}),
    // The second call answers 41051, which after a lost answer means delivered.
    repeat: 'idempotent',
    errors: [40007, 40058, 41049, 41050, 41051, 41053, 41064, 41065, 41096, 48002, 90206, 90207],
    credential: ['app'],
    limits: ['welcome_code.ttl_s', 'media.ttl_s'],
  }),
}
