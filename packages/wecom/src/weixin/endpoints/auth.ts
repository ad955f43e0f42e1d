import { z } from 'zod'
import { endpoint } from '../../endpoint.ts'
import { pages } from '../pages.ts'

const Appid = z.string({ error: '41002 missing' }).min(1, '41002 missing')
const Secret = z.string({ error: '41004 missing' }).min(1, '41004 missing')
const Grant = z.literal('client_credential', '40002 grant_type is client_credential')
const Token = z.object({ access_token: z.string().min(1), expires_in: z.int().positive() })

export const auth = {
  /** Each call gives another token, and the one before soon dies: keep one holder, or take the stable one. */
  getToken: endpoint({
    method: 'GET',
    path: '/cgi-bin/token',
    doc: pages.token,
    request: z.object({ grant_type: Grant, appid: Appid, secret: Secret }),
    response: Token,
    repeat: 'safe',
    errors: [40001, 40002, 40013, 40125, 40164, 41002, 41004],
    credential: ['none'],
    limits: ['oa.token_ttl_s', 'oa.token_overlap_s'],
  }),
  /** The same token for every caller until it is about to end; apart from `getToken`'s. */
  getStableToken: endpoint({
    method: 'POST',
    path: '/cgi-bin/stable_token',
    doc: pages.stableToken,
    request: z.object({ grant_type: Grant, appid: Appid, secret: Secret, force_refresh: z.boolean().optional() }),
    response: Token,
    repeat: 'safe',
    errors: [40001, 40002, 40013, 40125, 40164, 41002, 41004, 45009, 45011],
    credential: ['none'],
    limits: ['oa.stable_token_per_minute', 'oa.stable_token_per_day', 'oa.stable_force_per_day'],
  }),
}
