import { z } from 'zod'
import { endpoint } from '../endpoint.ts'
import { listOf, required, upTo } from '../fields.ts'
import { ChatId, CorpId, ExternalUserId } from '../ids.ts'

/** What a mini program that the corp is tied to learns inside WeCom. */
export const miniprogram = {
  /** Log-in of a member in the mini program (`wx.qy.login`); the code is spent by the call. */
  code2Session: endpoint({
    method: 'GET',
    path: '/cgi-bin/miniprogram/jscode2session',
    doc: 91507,
    request: z.object({
      js_code: required(41008, z.string()),
      grant_type: z.literal('authorization_code', '40058 grant_type is authorization_code'),
    }),
    response: z.object({ corpid: CorpId, userid: z.string(), session_key: z.string() }),
    // The platform spends the code even when its answer is lost.
    repeat: 'never',
    errors: [40029, 40058, 41008, 48002],
    credential: ['app'],
  }),
}

/** Ids of one world in another. */
export const conversion = {
  /** The customer group in which a mini program was opened (`wx.getGroupEnterInfo`); of the own corp, owner in range. */
  opengidToChatId: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/opengid_to_chatid',
    doc: 94822,
    request: z.object({ opengid: required(90511, z.string()) }),
    response: z.object({ chat_id: ChatId }),
    repeat: 'safe',
    errors: [40058, 48002, 60011, 90511],
    credential: ['app'],
  }),
  /**
   * For service providers only: a corp's own apps read `unionid` from `customers.get` and are refused here with 48002.
   * `openid` and `unionid` come from the same mini program.
   */
  unionidToExternalUserId: endpoint({
    method: 'POST',
    path: '/cgi-bin/idconvert/unionid_to_external_userid',
    doc: 95900,
    request: z.object({
      unionid: z.string().min(1, '40058 missing'),
      openid: z.string().min(1, '40058 missing'),
      /** 0 the corp's own subject, 1 the provider's. */
      subject_type: z.literal([0, 1]).optional(),
      mass_call_ticket: z.string().optional(),
    }),
    response: z.object({ external_userid: ExternalUserId.optional(), pending_id: z.string().optional() }),
    repeat: 'safe',
    errors: [40058, 48002],
    credential: ['provider'],
  }),
  /** For service providers only, as the one before: which `pending_id` a customer had before he was added. */
  externalUserIdToPendingId: endpoint({
    method: 'POST',
    path: '/cgi-bin/idconvert/batch/external_userid_to_pending_id',
    doc: 95900,
    request: z.object({
      external_userid: upTo('conversion.pending_batch_max', ExternalUserId, { min: 1, code: 40058 }),
      chat_id: ChatId.optional(),
    }),
    response: z.object({ result: listOf(z.object({ external_userid: ExternalUserId, pending_id: z.string() })) }),
    repeat: 'safe',
    errors: [40058, 48002],
    credential: ['provider'],
  }),
}
