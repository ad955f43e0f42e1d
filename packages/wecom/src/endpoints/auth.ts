import { z } from 'zod'
import { endpoint } from '../endpoint.ts'

export const auth = {
  /** Access token of one app (one secret). `expires_in` in seconds; repeated calls give the same token. */
  getToken: endpoint({
    method: 'GET',
    path: '/cgi-bin/gettoken',
    doc: 91039,
    request: z.object({ corpid: z.string().min(1, '41002 missing'), corpsecret: z.string().min(1, '41004 missing') }),
    response: z.object({ access_token: z.string().min(1), expires_in: z.int().positive() }),
    repeat: 'safe',
    errors: [40001, 40013, 41002, 41004, 40091],
    credential: ['none'],
    limits: ['token.ttl_s', 'token.max_bytes', 'token.invalid_secret_ban_s'],
  }),
}
