import type { Vault } from './vault.ts'

/** A keyed fingerprint of a whole name: the same for the same name, whatever its blanks and the width of its letters. */
export function nameIndexOf(vault: Pick<Vault, 'blindIndex'>, name: string): Buffer {
  return vault.blindIndex(`name:${name.normalize('NFKC').replaceAll(/\s/g, '').toLowerCase()}`)
}
