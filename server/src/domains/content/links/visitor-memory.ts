import { z } from 'zod'
import type { Vault } from '../../../infra/secrets/vault.ts'

/** What the cookie of a visitor says: who he is to a corp, sealed, so that he is asked once and nobody reads or forges it. */

const dayMs = 86_400_000
/** Who is known stays known so long; who is not becomes a customer perhaps, and is asked again sooner. */
const knownDays = 180
const unknownDays = 7

const kept = z.tuple([z.literal('visitor'), z.int(), z.int(), z.int()])

export function memoryCookie(corpId: number): string {
  return `nuanyu_who_${corpId}`
}

/** `customerId` 0: nobody knows him. Answers the cookie's value and its life in seconds. */
export function remember(
  vault: Pick<Vault, 'seal'>,
  corpId: number,
  customerId: number,
  now: Date,
): { readonly value: string; readonly maxAge: number } {
  const days = customerId === 0 ? unknownDays : knownDays
  const until = now.getTime() + days * dayMs
  const value = vault.seal(JSON.stringify(['visitor', corpId, customerId, until])).toString('base64url')
  return { value, maxAge: days * 86_400 }
}

/** Who a cookie says its bearer is; undefined: it says nothing, or nothing that we wrote for this corp, or too long ago. */
export function recall(
  vault: Pick<Vault, 'open'>,
  corpId: number,
  value: string | undefined,
  now: Date,
): number | undefined {
  if (value === undefined) return undefined
  try {
    const [, corp, customerId, until] = kept.parse(JSON.parse(vault.open(Buffer.from(value, 'base64url'))))
    return corp === corpId && until > now.getTime() ? customerId : undefined
  } catch {
    // altered, or of another installation: he is nobody to us until he is asked
    return undefined
  }
}
