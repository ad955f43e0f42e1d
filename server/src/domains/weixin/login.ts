import { z } from 'zod'
import type { Vault } from '../../infra/secrets/vault.ts'

/** Who is logged in at the brand's mini program. */
const session = z.object({
  use: z.literal('mini-program'),
  corpId: z.int(),
  accountId: z.string(),
  appid: z.string(),
  openid: z.string(),
  unionid: z.string().optional(),
  /** Ms since 1970, business time. */
  endsAt: z.number(),
})
export type MiniSession = z.output<typeof session>

export const sessionMs = 7 * 86_400_000

/** Sealed, so that nobody makes one or reads who it is for. */
export function sessionToken(vault: Pick<Vault, 'seal'>, of: Omit<MiniSession, 'use'>): string {
  return vault.seal(JSON.stringify({ use: 'mini-program', ...of })).toString('base64url')
}

/** undefined: not one of ours, or over. */
export function readSession(
  vault: Pick<Vault, 'open'>,
  authorization: string | undefined,
  now: Date,
): MiniSession | undefined {
  const [, token] = /^Bearer ([\w-]{20,2000})$/.exec(authorization ?? '') ?? []
  if (token === undefined) return undefined
  try {
    const read = session.parse(JSON.parse(vault.open(Buffer.from(token, 'base64url'))))
    return read.endsAt > now.getTime() ? read : undefined
  } catch {
    return undefined
  }
}
