import { timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { Vault } from '../../../infra/secrets/vault.ts'

/**
 * The addresses of the page on which a customer says how much he wants to receive. One text that goes to many carries the
 * corp's, which knows nobody; a message to one person carries his own, sealed: who holds it is taken for him, and only
 * we can read or write it.
 */

type Keys = Pick<Vault, 'seal' | 'open' | 'blindIndex'>

/** By which way he came to his own address. */
export const ways = ['link', 'oauth'] as const

export interface PersonalToken {
  readonly corpId: number
  readonly customerId: number
  readonly through: (typeof ways)[number]
  readonly until: Date
}

export type ReadToken =
  | { readonly kind: 'corp'; readonly corpId: number }
  | ({ readonly kind: 'person' } & PersonalToken)
  | { readonly kind: 'expired'; readonly corpId: number }

/** Four bytes of the corp's number and nine of our signature: 18 letters. A person's is longer. */
const corpShape = /^[A-Za-z0-9_-]{18}$/
const signatureBytes = 9

export function corpToken(corpId: number, keys: Keys): string {
  const number = Buffer.alloc(4)
  number.writeUInt32BE(corpId)
  return Buffer.concat([number, signatureOf(corpId, keys)]).toString('base64url')
}

export function personalToken({ corpId, customerId, through, until }: PersonalToken, keys: Keys): string {
  const said = ['wish', corpId, customerId, through, Math.floor(until.getTime() / 1000)]
  return keys.seal(JSON.stringify(said)).toString('base64url')
}

const personal = z.tuple([z.literal('wish'), z.int(), z.int().positive(), z.enum(ways), z.int()])

/** What a token says; undefined: we did not write it. */
export function readToken(token: string, keys: Keys, now: Date): ReadToken | undefined {
  const bytes = Buffer.from(token, 'base64url')
  if (corpShape.test(token)) {
    const corpId = bytes.readUInt32BE(0)
    const known = timingSafeEqual(bytes.subarray(4, 4 + signatureBytes), signatureOf(corpId, keys))
    return known ? { kind: 'corp', corpId } : undefined
  }
  const said = opened(bytes, keys)
  if (said === undefined) return undefined
  const [, corpId, customerId, through, seconds] = said
  const until = new Date(seconds * 1000)
  return until > now ? { kind: 'person', corpId, customerId, through, until } : { kind: 'expired', corpId }
}

function opened(bytes: Buffer, keys: Keys): z.output<typeof personal> | undefined {
  try {
    return personal.parse(JSON.parse(keys.open(bytes)))
  } catch {
    // forged, cut short, or sealed for another purpose: it names nobody
    return undefined
  }
}

function signatureOf(corpId: number, keys: Keys): Buffer {
  return keys.blindIndex(`preferences ${corpId}`).subarray(0, signatureBytes)
}

const dayMs = 86_400_000
/** A message stays in a chat for years; its link works as long as one is likely to scroll back. */
const linkDays = 400

/** The address of the page: the corp's, or one person's own where the message is to him alone. `site` is `siteOfCorp`. */
export function preferencesAddress(
  site: string,
  keys: Keys,
  corpId: number,
  person?: { readonly customerId: number; readonly at: Date },
): string {
  if (person === undefined) return `${site}/p/${corpToken(corpId, keys)}`
  const until = new Date(person.at.getTime() + linkDays * dayMs)
  return `${site}/p/${personalToken({ corpId, customerId: person.customerId, through: 'link', until }, keys)}`
}
