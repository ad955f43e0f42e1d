import { randomUUID } from 'node:crypto'
import type { LimitProfile } from '@nuanyu/wecom'
import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import { isDatabaseAway } from '../../../infra/db/away.ts'
import type { Database, Executor, Tx } from '../../../infra/db/database.ts'
import { OperationCancelled, OperationInterrupted, type OperationRun } from '../../../infra/operations/operations.ts'
import { limitsOfCorp } from '../../../infra/platform/apps.store.ts'
import { profileOf } from '../../../infra/platform/limits.ts'
import { dropPartition } from '../../../infra/retention/partitions.store.ts'
import type { Services } from '../../../infra/services.ts'
import { businessDay, localTime } from '../../../infra/zone.ts'
import { type Marking, type MarkingSteps, markMembers, type Rule } from '../../audiences/index.ts'
import type { CampaignSpec } from '../campaigns/campaign.schema.ts'
import { specOf } from '../campaigns/campaigns.store.ts'
import { asTagged, tagsOf } from '../campaigns/moment.checks.ts'
import { policiesAt, type StandingPolicy } from '../governor/policies.store.ts'
import { openPolicy } from '../governor/policy.ts'
import { keepSpent } from '../governor/quota.store.ts'
import { quotaRule } from '../governor/quota.ts'
import { lockReserving, reserveTouches } from '../governor/reservations.store.ts'
import { noteVerdicts } from '../governor/verdicts.store.ts'
import { reachSettings } from '../settings/settings.store.ts'
import { campaignSeed, globalSeed } from './bucket.ts'
import * as draft from './draft.store.ts'
import { inLanes } from './lanes.ts'
import { addTagged } from './moments.store.ts'
import { outlookOf } from './outlook.ts'
import type { PlanView } from './plan.schema.ts'
import { spansOf, waitUntilOf } from './plan.ts'
import { planGroups } from './planning-groups.ts'
import { addMoments, momentOutlook, taskMost } from './planning-moments.ts'
import * as runs from './runs.store.ts'
import { makeSenders } from './senders.store.ts'
import { shareOut } from './share.store.ts'
import { readCanary, readCounts } from './view.store.ts'
import * as write from './write.store.ts'

/** Persons of one span: what a lane holds in memory at a time. */
const spanPersons = 150_000

export interface PlanRequest {
  readonly runId: number
}

type Needs = Pick<Services, 'db' | 'clock'>
/** What happens with a run of which the plan is made: its tasks begin. */
export type Begin = (tx: Tx, runId: number) => Promise<void>

/**
 * Plans a run: everybody whom its audience names, with what is decided of him, as rows of a partition of its own; the tasks; and
 * the counts. Every step is a set; no person passes through the process. Steps work in tables of this attempt, and only the last
 * transaction makes them count, so whoever takes over from a dead process begins anew.
 */
export async function planRun({ db, clock }: Needs, run: OperationRun<PlanRequest>, begin: Begin): Promise<unknown> {
  const { runId } = run.input
  const found = await runs.findRun(db, run.corpId, runId)
  if (found === undefined) return { run: runId, planned: false }
  const attempt = randomUUID().slice(0, 8)
  try {
    const plan = await db.transaction().execute(async (tx) => {
      await runs.lockAttempt(tx, runId)
      if ((await runs.findRun(db, run.corpId, runId))?.state !== 'planning') return undefined
      await draft.dropDrafts(db, runId)
      // whoever decides and then reserves holds this until both are committed
      if (!found.rehearsal) await lockReserving(tx, run.corpId)
      return make(db, tx, run, { found, attempt, now: clock.now() }, begin)
    })
    if (plan === undefined) return { run: runId, planned: false }
    for (const old of await runs.droppedRehearsals(db, found.campaignId))
      await dropPartition(db, draft.partitionOf(old))
    return { run: runId, planned: true, ...plan.fates }
  } catch (error) {
    if (error instanceof OperationInterrupted || isDatabaseAway(error)) throw error
    const [state, why] =
      error instanceof OperationCancelled ? (['cancelled', 'cancelled'] as const) : (['failed', 'plan_failed'] as const)
    await runs.endPlanning(db, runId, state, why, clock.now())
    throw error
  } finally {
    // a database that is away leaves them to the next attempt
    await draft.dropDrafts(db, runId, attempt).catch(() => undefined)
  }
}

async function make(
  db: Database,
  tx: Tx,
  run: OperationRun<PlanRequest>,
  { found, attempt, now }: { readonly found: runs.PlannedRun; readonly attempt: string; readonly now: Date },
  begin: Begin,
): Promise<PlanView | undefined> {
  const { runId } = run.input
  const { input, standing, limits, today } = await inputOf(db, found, now)
  const tables = draft.draftTables(runId, attempt)
  let done = 0
  const step = async () => {
    done += 1
    await run.progress({ done })
  }
  if (input.spec.kind === 'group_send') {
    const inOwnLanes = (steps: MarkingSteps['rules']) => inLanes(steps, (one) => one(db), step)
    const mark = () => markGoverned(db, { table: tables.members, input, today }, inOwnLanes)
    const plan = await planGroups(tx, { found, input, limits, mark })
    if (plan !== undefined && !input.rehearsal) await begin(tx, runId)
    return plan
  }
  const marking = await markMembers(db, run.corpId, tables.members, ruleOf(input.spec.whom), markingsOf(input), today)
  const quota = (on: Database) => keepSpent(on, tables.spent, run.corpId, input.quota, input.ask.at)
  await inLanes([quota, ...marking.rules], (one) => one(db), step)
  await inLanes(marking.members, (one) => one(db), step)
  if (input.tags.length > 0) await addTagged(db, tables, input)
  await makeSenders(db, tables, input)
  await draft.makeDrawn(db, tables, input)
  const spans = spansOf(await draft.cellsOf(db, tables), spanPersons)
  await inLanes(spans, (span) => draft.drawSpan(db, tables, input, span), step)
  await shareOut(db, tables, input)
  const counting = (on: Database) => write.countDrawn(on, tables, taskMost(input.spec, limits))
  if (input.rehearsal) await inLanes([counting, ...write.indexSteps(tables.drawn, false)], (one) => one(db), step)
  else {
    await counting(db)
    await write.makeRows(db, tables, runId)
    await inLanes(write.rowsSteps(tables), (one) => one(db), step)
    await inLanes(write.indexSteps(tables.rows, true), (one) => one(db), step)
  }
  const counts = await readCounts(db, tables, {
    exclusions: input.spec.exclusions.map(({ name }) => name),
    variants: input.spec.variants.map(({ name }) => name),
  })
  const outlook = await outlookOf(db, tables, input, { tasks: counts.tasks, limits })
  const moment = input.spec.kind === 'moment' ? await momentOutlook(db, tables, input, limits) : {}
  return finish(tx, tables, { input, standing, limits, at: now, told: { ...counts, ...outlook, ...moment } }, begin)
}

interface Made {
  readonly input: draft.PlanInput
  readonly standing: readonly StandingPolicy[]
  readonly limits: LimitProfile
  readonly at: Date
  readonly told: Omit<PlanView, 'at' | 'policies' | 'canary'>
}

/** The one transaction that makes a plan count; undefined: somebody else made it, or it is wanted no more. */
async function finish(
  tx: Tx,
  tables: draft.DraftTables,
  { input, standing, limits, at, told }: Made,
  begin: Begin,
): Promise<PlanView | undefined> {
  const { runId, corpId, rehearsal, spec } = input
  if ((await runs.lockPlanning(tx, runId)) === undefined) return undefined
  await write.attachPartition(tx, rehearsal ? tables.drawn : tables.rows, runId)
  if (!rehearsal) {
    await write.writeTasks(tx, tables, runId, corpId)
    if (spec.canary !== null) await write.markCanary(tx, runId, spec.canary.permille)
    if (spec.kind === 'moment') await addMoments(tx, input, limits, at)
  }
  const plan: PlanView = {
    ...{ at: input.ask.at.toISOString(), ...told },
    policies: [...standing.map(({ id, name, version }) => ({ id, name, version })), { id: null, name: '', version: 0 }],
    canary: spec.canary === null || rehearsal ? null : await readCanary(tx, runId),
  }
  await runs.notePlanned(tx, runId, plan)
  if (rehearsal) return plan
  if (spec.marketing) {
    await reserveTouches(tx, runId)
    await noteVerdicts(tx, runId, at)
  }
  await begin(tx, runId)
  return plan
}

/** By what a run is planned now; `ruled`: the moment whose policies count, unless it is now. */
export async function inputOf(db: Executor, found: runs.PlannedRun, now: Date, ruled?: Date) {
  const { corpId, campaignId, version, rehearsal } = found
  const given = await specOf(db, campaignId, version)
  if (given === undefined) throw new Error(`campaign ${campaignId} has no version ${version}`)
  const tags = tagsOf(given)
  const spec = tags.length === 0 ? given : asTagged(given)
  const [zone, settings] = [await zoneOfCorp(db, corpId), await reachSettings(db, corpId)]
  // what is planned for later is asked of that moment, as far as it is known today
  const at = found.plannedFor > now ? found.plannedFor : now
  const standing = await policiesAt(db, corpId, ruled ?? at)
  const { priority } = spec.governed
  const waitUntil = waitUntilOf(spec, ruled ?? at)
  const set = spec.senders.set
  const limits = profileOf(await limitsOfCorp(db, corpId))
  const channel = spec.kind === 'moment' ? 'moments' : 'customer_send'
  const input: draft.PlanInput = {
    ...{ runId: found.id, corpId, rehearsal, spec, zone },
    ...{ seed: campaignSeed(campaignId), globalSeed: globalSeed(corpId, businessDay(at, zone)) },
    globalPermille: settings.globalHoldoutPermille,
    policies: [...standing.map(({ rules }) => rules), openPolicy],
    ask: { channel, priority, at, waitUntil },
    quota: quotaRule(channel, { limits, momentsAMonth: settings.momentsAMonth }),
    ...{ tags, governed: spec.marketing && tags.length === 0 },
    senderSet: set === null ? null : await runs.senderSetOf(db, corpId, set),
  }
  return { input, standing, limits, today: localTime(at, zone).dayNumber }
}

/** Whom a campaign is for: an audience that is kept is a rule too. */
function ruleOf(whom: CampaignSpec['whom']): Rule {
  if (whom === null) return { any: [] }
  return 'audience' in whom ? { is: 'audience', id: whom.audience } : whom.rule
}

/** Marks those of whom a policy speaks alone, and nobody else: of a send to groups all others have the policy of everybody. */
export async function markGoverned(
  on: Executor,
  { table, input, today }: { readonly table: string; readonly input: draft.PlanInput; readonly today: number },
  take: (steps: MarkingSteps['rules']) => Promise<void>,
): Promise<string | null> {
  const policy = policyMarking(input)
  if (policy.rules.length === 0) return null
  const marked = await markMembers(on, input.corpId, table, { any: [...policy.rules] }, [policy], today)
  await take(marked.rules)
  await take(marked.members)
  return table
}

function markingsOf(input: draft.PlanInput): readonly Marking[] {
  const { spec } = input
  return [
    { column: 'hits', tells: 'hits', rules: spec.exclusions.map(({ whom }) => ruleOf(whom)) },
    {
      ...{ column: 'part', tells: 'first' },
      rules: spec.variants.flatMap(({ for: whom }) => (whom !== null && 'audience' in whom ? [ruleOf(whom)] : [])),
    },
    policyMarking(input),
  ]
}

function policyMarking({ policies, governed }: draft.PlanInput): Marking {
  const everybody = policies.findIndex(({ whom }) => whom === null)
  const rules = governed ? policies.slice(0, everybody).flatMap(({ whom }) => (whom === null ? [] : [whom])) : []
  return { column: 'policy', tells: 'first', rules }
}
