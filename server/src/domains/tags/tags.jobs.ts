import { zoneOfCorp } from '../../infra/corp-zone.store.ts'
import type { Tx } from '../../infra/db/database.ts'
import type { Services } from '../../infra/services.ts'
import { nextTimeOfDay } from '../../infra/zone.ts'
import { ruleKind, runRule } from './rule-tags.jobs.ts'
import { queueExpired } from './tag-facts.store.ts'
import { moveKind, runMove } from './tag-move.job.ts'
import { putKind, runPut } from './tag-put.job.ts'
import { checkKind, runCheck, runSync, runUndo, syncKind, undoKind } from './tag-sync.job.ts'
import { operationRuns } from './tag-upkeep.store.ts'
import type { TagNeeds } from './tag-upkeep.ts'
import { expiryDue, scheduleExpiry } from './tag-work.ts'

export const checkDue = 'tags.check'

/** After the night's reconcile of customers, which reads their tags. */
const checkMinute = 5 * 60

/** The long operations of tags, their expiry and the nightly check; call before operations and the due table are started. */
export function defineTagOperations(services: TagNeeds & Pick<Services, 'operations'>): void {
  const { clock, due, operations } = services
  operations.define(moveKind, (run) => runMove(services, run))
  operations.define(putKind, (run) => runPut(services, run))
  operations.define(syncKind, (run) => runSync(services, run))
  operations.define(undoKind, (run) => runUndo(services, run))
  operations.define(ruleKind, (run) => runRule(services, run))
  operations.define(checkKind, (run) => runCheck(services, run))
  due.define(expiryDue, async (items, tx) => {
    for (const { corpId } of items) {
      await queueExpired(tx, corpId, clock.now(), new Date())
      await scheduleExpiry(services, tx, corpId)
    }
  })
  due.define(checkDue, async (items, tx) => {
    for (const { corpId } of items) {
      await begin(services, tx, corpId, checkKind, {}, 'system')
      await scheduleTagCheck(services, tx, corpId)
    }
  })
}

export async function scheduleTagCheck(
  { clock, due }: Pick<Services, 'clock' | 'due'>,
  on: Tx | Services['db'],
  corpId: number,
): Promise<void> {
  const at = nextTimeOfDay(clock.now(), checkMinute, await zoneOfCorp(on, corpId))
  await due.schedule(on, [{ corpId, kind: checkDue, key: String(corpId), at }])
}

/** Begins an operation of tags; undefined: one that changes the platform's side runs already. */
export async function begin(
  { operations }: Pick<Services, 'operations'>,
  tx: Tx,
  corpId: number,
  kind: string,
  input: unknown,
  startedBy: string,
): Promise<string | undefined> {
  if (await operationRuns(tx, corpId, [moveKind, syncKind, undoKind, checkKind])) return undefined
  return operations.begin({ kind, corpId, input, startedBy }, tx)
}
