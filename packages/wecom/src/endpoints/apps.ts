import { z } from 'zod'
import { endpoint } from '../endpoint.ts'
import { listOf, NoRequest, QueryInt, required } from '../fields.ts'
import { AgentId, DepartmentId, ExternalUserId, UserId } from '../ids.ts'

const Ticket = z.object({ ticket: z.string().min(1), expires_in: z.int().positive() })

export const jssdk = {
  /** Ticket for `ww.register` and `wx.config`; few an hour, so keep it. */
  corpTicket: endpoint({
    method: 'GET',
    path: '/cgi-bin/get_jsapi_ticket',
    doc: 90506,
    request: NoRequest,
    response: Ticket,
    repeat: 'safe',
    errors: [48002],
    credential: ['app'],
    limits: ['jssdk.ticket_ttl_s', 'jssdk.corp_tickets_per_hour', 'jssdk.app_tickets_per_hour'],
  }),
  /** Ticket for agentConfig; the corp's ticket answers 42012 there. */
  agentTicket: endpoint({
    method: 'GET',
    path: '/cgi-bin/ticket/get',
    doc: 90506,
    request: z.object({ type: z.literal('agent_config', '91040 type is not agent_config') }),
    response: Ticket,
    repeat: 'safe',
    errors: [48002, 91040],
    credential: ['app'],
    limits: ['jssdk.ticket_ttl_s', 'jssdk.app_tickets_per_hour'],
  }),
}

export const oauth = {
  /**
   * Who came with this code: a member (`userid`, also outside the visible range: it proves no right), or someone else
   * (`openid`; `external_userid` for a customer of a visible member). The code works once.
   */
  getUserInfo: endpoint({
    method: 'GET',
    path: '/cgi-bin/auth/getuserinfo',
    doc: 91023,
    request: z.object({ code: required(41008, z.string()) }),
    response: z.object({
      userid: UserId.optional(),
      user_ticket: z.string().optional(),
      openid: z.string().optional(),
      external_userid: ExternalUserId.optional(),
    }),
    // The platform spends the code even when its answer is lost.
    repeat: 'never',
    errors: [40029, 41008, 42003, 42022, 50001],
    credential: ['app'],
    exempt: true,
    limits: ['oauth.code_ttl_s', 'oauth.user_ticket_ttl_s'],
  }),
  /** What the member agreed to show (scope snsapi_privateinfo). */
  getUserDetail: endpoint({
    method: 'POST',
    path: '/cgi-bin/auth/getuserdetail',
    doc: 95833,
    request: z.object({ user_ticket: z.string().min(1) }),
    response: z.object({
      userid: UserId,
      gender: z.coerce.string().optional(),
      avatar: z.string().optional(),
      qr_code: z.string().optional(),
      mobile: z.string().optional(),
      email: z.string().optional(),
      biz_mail: z.string().optional(),
      address: z.string().optional(),
    }),
    repeat: 'safe',
    errors: [48002, 84014, 84015],
    credential: ['app'],
    limits: ['oauth.user_ticket_ttl_s'],
  }),
}

export const agents = {
  /** The app's own settings and visible range; of no other app. */
  get: endpoint({
    method: 'GET',
    path: '/cgi-bin/agent/get',
    doc: 90227,
    request: z.object({ agentid: QueryInt }),
    response: z.object({
      agentid: AgentId,
      name: z.string(),
      square_logo_url: z.string().optional(),
      description: z.string().optional(),
      allow_userinfos: z.object({ user: listOf(z.object({ userid: UserId })) }).optional(),
      allow_partys: z.object({ partyid: listOf(DepartmentId) }).optional(),
      allow_tags: z.object({ tagid: listOf(z.int()) }).optional(),
      /** 1 when the app is off. */
      close: z.int().default(0),
      redirect_domain: z.string().optional(),
      report_location_flag: z.int().optional(),
      isreportenter: z.int().optional(),
      home_url: z.string().optional(),
      customized_publish_status: z.int().optional(),
    }),
    repeat: 'safe',
    errors: [40056, 41011, 301002],
    credential: ['app'],
  }),
}
