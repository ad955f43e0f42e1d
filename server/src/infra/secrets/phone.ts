import type { Vault } from './vault.ts'

/**
 * A phone number as an identity: a keyed fingerprint in hex. The same number gives the same one however it is written:
 * with spaces or dashes, and a number of the mainland with its country code or without.
 */
export function phoneIndexOf(vault: Pick<Vault, 'blindIndex'>, phone: string): string {
  return vault.blindIndex(`phone:${plainPhone(phone)}`).toString('hex')
}

/** Digits only; a mainland mobile number without 86. */
export function plainPhone(phone: string): string {
  return phone.replace(/\D/g, '').replace(/^(?:00)?86(?=1\d{10}$)/, '')
}
