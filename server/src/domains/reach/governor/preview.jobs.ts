import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import type { Database } from '../../../infra/db/database.ts'
import type { OperationRun } from '../../../infra/operations/operations.ts'
import { limitsOfCorp } from '../../../infra/platform/apps.store.ts'
import { profileOf } from '../../../infra/platform/limits.ts'
import type { Services } from '../../../infra/services.ts'
import { localTime } from '../../../infra/zone.ts'
import { markMembers } from '../../audiences/index.ts'
import { cellsOf, draftTables, dropDrafts } from '../plan/draft.store.ts'
import { inLanes } from '../plan/lanes.ts'
import { spansOf } from '../plan/plan.ts'
import { reachSettings } from '../settings/settings.store.ts'
import { countDecisions, type DecidedCount, governSpan } from './decide.store.ts'
import { policiesAt } from './policies.store.ts'
import { type Ask, openPolicy } from './policy.ts'
import { keepSpent } from './quota.store.ts'
import { quotaRule } from './quota.ts'
import type { Channel } from './touch.ts'

export const previewKind = 'governor.preview'

export interface PreviewRequest {
  readonly channel: Channel
  readonly priority: number
  readonly waitHours: number
}

/** What comes of it: how many of everybody, by the policy that they fall under and what it says. */
export interface PreviewResult {
  readonly at: string
  readonly groups: readonly (Omit<DecidedCount, 'policy'> & { readonly policy: string | null })[]
}

/** Persons that are decided about in one step. */
const spanPersons = 100_000

/** Call before operations are started. */
export function definePreview(services: Pick<Services, 'db' | 'clock' | 'operations'>): void {
  services.operations.define<PreviewRequest>(previewKind, (run) => previewAll(services, run))
}

/**
 * Decides about everybody of a corp, as a campaign would now, and counts. In steps, each a short transaction: it can be
 * cancelled, and nobody waits for it. After a crash it begins anew; it takes a part of a minute.
 */
export async function previewAll(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  run: OperationRun<PreviewRequest>,
): Promise<PreviewResult> {
  const { corpId, input } = run
  const [at, zone] = [clock.now(), await zoneOfCorp(db, corpId)]
  const standing = await policiesAt(db, corpId, at)
  const policies = [...standing.map(({ rules }) => rules), openPolicy]
  const waitUntil = input.waitHours === 0 ? null : new Date(at.getTime() + input.waitHours * 3_600_000)
  const { momentsAMonth } = await reachSettings(db, corpId)
  const rule = quotaRule(input.channel, { limits: profileOf(await limitsOfCorp(db, corpId)), momentsAMonth })
  const ask: Ask = { channel: input.channel, priority: input.priority, at, waitUntil }
  const everybody = policies.findIndex(({ whom }) => whom === null)
  const whom = policies.slice(0, everybody).flatMap((one) => (one.whom === null ? [] : [one.whom]))
  const attempt = run.id.replaceAll('-', '').slice(-12)
  const tables = draftTables(0, attempt)
  const counts: DecidedCount[] = []
  let done = 0
  let total = 0
  const step = async () => {
    done += 1
    await run.progress({ done, ...(total === 0 ? {} : { total }) })
  }
  try {
    await dropDrafts(db, 0, attempt)
    const marking = [{ column: 'policy', tells: 'first', rules: whom }] as const
    const today = localTime(at, zone).dayNumber
    const marked = await markMembers(db, corpId, tables.members, { all: [] }, marking, today)
    await inLanes(
      [(on: Database) => keepSpent(on, tables.spent, corpId, rule, at), ...marked.rules],
      (one) => one(db),
      step,
    )
    await inLanes(marked.members, (one) => one(db), step)
    const spans = spansOf(await cellsOf(db, tables), spanPersons)
    total = done + spans.length
    await inLanes(
      spans,
      (span) =>
        db.transaction().execute(async (tx) => {
          await governSpan(tx, tables.members, everybody, span)
          counts.push(
            ...(await countDecisions(
              tx,
              corpId,
              policies,
              ask,
              zone,
              rule && { spent: tables.spent, window: rule(at) },
              span,
            )),
          )
        }),
      step,
    )
  } finally {
    await dropDrafts(db, 0, attempt)
  }
  return { at: at.toISOString(), groups: summed(counts).map((one) => ({ ...one, policy: nameOf(one.policy) })) }

  function nameOf(place: number): string | null {
    return standing[place]?.name ?? null
  }
}

/** One line a policy, verdict and reason, in the order of policies and reasons. */
function summed(counts: readonly DecidedCount[]): readonly DecidedCount[] {
  const lines = Map.groupBy(counts, ({ policy, verdict, reason }) => `${policy} ${verdict} ${reason}`)
  return [...lines.values()]
    .flatMap(([first, ...others]) =>
      first === undefined ? [] : [{ ...first, persons: others.reduce((sum, one) => sum + one.persons, first.persons) }],
    )
    .sort((a, b) => a.policy - b.policy || b.persons - a.persons)
}
