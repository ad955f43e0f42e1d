import type { Vault } from './vault.ts'

/**
 * What stands in the place of an erased id: the same for the same id of the same corp, and nobody without the key finds
 * the id by it. The same id in two corps gives two.
 */
export function pseudonymOf(vault: Pick<Vault, 'blindIndex'>, corpId: number, id: string): string {
  return `erased-${vault.blindIndex(`${corpId}:${id}`).toString('hex')}`
}
