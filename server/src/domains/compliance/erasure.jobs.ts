import { transactionAgain } from '../../infra/db/again.ts'
import type { Database } from '../../infra/db/database.ts'
import type { AuditEntry } from '../../infra/http/audited.ts'
import { pseudonymOf } from '../../infra/secrets/pseudonym.ts'
import type { Services } from '../../infra/services.ts'
import { endPersonalExports } from '../exports/index.ts'
import { writeAudit } from './audit.trail.ts'
import { type Erased, eraseIdRows, erasePersonRows, hasClaimedEffects, idsOf, lockPerson } from './erasure.store.ts'
import { keptOfEvents } from './erasure.ts'

export interface ErasureRequest {
  readonly corpId: number
  readonly customerId: number
  /** Who asked, why: written in the same transaction, so that nobody is erased unrecorded. */
  readonly audit: AuditEntry
}

export type ErasureOutcome =
  | { readonly kind: 'erased'; readonly customerIds: readonly number[]; readonly rows: Erased }
  /** No such person, or erased before. */
  | { readonly kind: 'unknown' }
  /** A call that concerns the person is under way; it ends within seconds. */
  | { readonly kind: 'busy' }

/**
 * Erases one person: name and picture, every id (a keyed fingerprint stays, so that counts stay right and the erasure
 * can be proved), what staff noted, what the platform told, what was decided and sent. All or nothing.
 */
export async function erasePerson(
  { db, vault, clock }: Pick<Services, 'vault' | 'clock'> & { readonly db: Database },
  request: ErasureRequest,
): Promise<ErasureOutcome> {
  return transactionAgain(db, async (tx) => {
    const person = await lockPerson(tx, request.corpId, request.customerId)
    if (person === undefined) return { kind: 'unknown' }
    const known = await idsOf(tx, person)
    if (await hasClaimedEffects(tx, person.corpId, known)) return { kind: 'busy' }
    const at = clock.now()
    const rows: Record<string, number> = { ...(await erasePersonRows(tx, person, keptOfEvents, at)) }
    for (const id of known) {
      const replacement = { id, pseudonym: pseudonymOf(vault, person.corpId, id) }
      for (const [table, count] of Object.entries(await eraseIdRows(tx, person, replacement, at)))
        rows[table] = Math.max(rows[table] ?? 0, count)
    }
    await endPersonalExports(tx, person.corpId, at)
    const count = Object.values(rows).reduce((sum, one) => sum + one, 0)
    await writeAudit(tx, { ...request.audit, objectKind: 'customer', objectId: String(request.customerId), count })
    return { kind: 'erased', customerIds: person.customerIds, rows }
  })
}
