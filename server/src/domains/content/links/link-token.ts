import { timingSafeEqual } from 'node:crypto'
import type { Vault } from '../../../infra/secrets/vault.ts'

/**
 * The token of a tracked link: the link's number and our signature of it, 20 letters. One that we did not make is refused
 * without a look in the database, and nothing in it tells of a person.
 */

type Signer = Pick<Vault, 'blindIndex'>

const numberBytes = 6
/** 72 bits: nobody finds a signature by trying. */
const signatureBytes = 9
const shape = /^[A-Za-z0-9_-]{20}$/

export function tokenOf(linkId: number, signer: Signer): string {
  const bytes = Buffer.alloc(numberBytes + signatureBytes)
  bytes.writeUIntBE(linkId, 0, numberBytes)
  signatureOf(linkId, signer).copy(bytes, numberBytes)
  return bytes.toString('base64url')
}

/** The number of the link that a token names; undefined: we did not make it. */
export function linkOf(token: string, signer: Signer): number | undefined {
  if (!shape.test(token)) return undefined
  const bytes = Buffer.from(token, 'base64url')
  const linkId = bytes.readUIntBE(0, numberBytes)
  return timingSafeEqual(bytes.subarray(numberBytes), signatureOf(linkId, signer)) ? linkId : undefined
}

/** The token in whatever somebody pastes: an address, or a token alone. */
export function tokenIn(text: string): string {
  return /(?:^|\/l\/)([A-Za-z0-9_-]{20})(?:$|[?#\s])/.exec(text.trim())?.[1] ?? ''
}

function signatureOf(linkId: number, signer: Signer): Buffer {
  return signer.blindIndex(`link ${linkId}`).subarray(0, signatureBytes)
}
