import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import type { Tx } from '../../../infra/db/database.ts'
import type { Services } from '../../../infra/services.ts'
import { nextReconcileAt, reconcileAfterOutage } from './reconcile-time.ts'
import { type ReadGroups, runSync } from './sync.job.ts'
import { lastHeard, syncStanding } from './sync.store.ts'
import { firstSyncKind, reconcileKind, syncKinds } from './sync.ts'
import { nextReconcile, syncRunning } from './sync-view.store.ts'

/** The kind in the due table; its key is the corp. */
export const reconcileDue = 'customers.reconcile'

type Begins = Pick<Services, 'db' | 'operations'>

/** The long operations of customers and the nightly reconcile; call before operations and the due table are started. */
export function defineCustomerOperations(services: Services, readGroups: ReadGroups): void {
  const { clock, due, operations } = services
  for (const kind of syncKinds) operations.define(kind, (run) => runSync(services, run, readGroups))
  due.define(reconcileDue, async (items, tx) => {
    for (const { corpId } of items) {
      await begin(services, tx, corpId, reconcileKind, 'system')
      const zone = await zoneOfCorp(tx, corpId)
      const at = nextReconcileAt(clock.now(), zone)
      await due.schedule(tx, [{ corpId, kind: reconcileDue, key: String(corpId), at }])
    }
  })
}

/** Every corp has its next reconcile; one that was missed, or follows an outage, comes at once. */
export async function ensureReconciles({ db, clock, due }: Pick<Services, 'db' | 'clock' | 'due'>): Promise<void> {
  const corps = await db.selectFrom('corps').select(['id', 'time_zone']).execute()
  for (const { id, time_zone } of corps) {
    const scheduled = await nextReconcile(db, id, reconcileDue)
    const standing = await syncStanding(db, id)
    const now = clock.now()
    const soon =
      standing?.first_done_at != null && reconcileAfterOutage(now, await lastHeard(db, id), standing.last_done_at)
    const at = soon ? now : nextReconcileAt(now, time_zone)
    // what is due already is left to be done
    if (scheduled === undefined || (soon && scheduled > now))
      await due.schedule(db, [{ corpId: id, kind: reconcileDue, key: String(id), at }])
  }
}

/** Starts a sync by hand; undefined: one runs already. */
export async function beginSync(services: Begins, corpId: number, startedBy: string): Promise<string | undefined> {
  return services.db.transaction().execute(async (tx) => {
    const standing = await syncStanding(tx, corpId)
    const kind = standing?.first_done_at == null ? firstSyncKind : reconcileKind
    return begin(services, tx, corpId, kind, startedBy)
  })
}

/** Reads the corp's people for the first time, once: a corp that was read, or is being read, is left alone. */
export async function ensureFirstSync(
  services: Begins & Pick<Services, 'clock' | 'due'>,
  corpId: number,
): Promise<void> {
  await services.db.transaction().execute(async (tx) => {
    const standing = await syncStanding(tx, corpId)
    if (standing?.first_done_at == null) await begin(services, tx, corpId, firstSyncKind, 'system')
  })
  await ensureReconciles(services)
}

async function begin(
  { operations }: Pick<Services, 'operations'>,
  tx: Tx,
  corpId: number,
  kind: string,
  startedBy: string,
): Promise<string | undefined> {
  // two that start together: the second waits here and then sees the operation of the first
  await tx.selectFrom('corps').select('id').where('id', '=', corpId).forUpdate().execute()
  if (await syncRunning(tx, corpId)) return undefined
  return operations.begin({ kind, corpId, input: {}, startedBy }, tx)
}
