import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { Vault } from '../../../infra/secrets/vault.ts'

/** Who looks at a landing page: a random number of ours in a cookie, no personal data; and the brake against robots. */

export const visitorCookie = 'nuanyu_visitor'

export function newVisitor(): string {
  return randomBytes(16).toString('base64url')
}

export function isVisitor(text: string | undefined): text is string {
  return text !== undefined && /^[A-Za-z0-9_-]{22}$/.test(text)
}

/** Ties the way back from OAuth to the browser that left. Letters and digits only, as the platform asks. */
export function oauthState(visitor: string, vault: Pick<Vault, 'blindIndex'>): string {
  return vault.blindIndex(`landing ${visitor}`).toString('hex')
}

export function isOauthState(state: string | undefined, visitor: string, vault: Pick<Vault, 'blindIndex'>): boolean {
  const wanted = Buffer.from(oauthState(visitor, vault))
  const given = Buffer.from(state ?? '')
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

/**
 * Lets an address open only so many new visits within a span: a robot that throws its cookie away must not use up the
 * places of a code. Mobile networks put many people behind one address, so the number is generous.
 */
export function createBrake(options: {
  readonly most: number
  readonly spanMs: number
}): (address: string, nowMs: number) => boolean {
  let counts = new Map<string, number>()
  let since = Number.NEGATIVE_INFINITY
  return (address, nowMs) => {
    if (nowMs - since >= options.spanMs) {
      counts = new Map()
      since = nowMs
    }
    const count = (counts.get(address) ?? 0) + 1
    counts.set(address, count)
    return count <= options.most
  }
}
