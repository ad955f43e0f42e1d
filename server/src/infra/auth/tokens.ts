import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** A session's secret: 256 random bits. The browser holds it, the database only its hash. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** Bound to the session and stored nowhere: whoever can read it from our page has the session already. */
export function csrfOf(token: string): string {
  return createHmac('sha256', token).update('nuanyu csrf v1').digest('base64url')
}

/** Compares two secrets without telling by time where they differ. */
export function sameSecret(one: string, other: string): boolean {
  return timingSafeEqual(createHash('sha256').update(one).digest(), createHash('sha256').update(other).digest())
}
