import type { LimitProfile } from '@nuanyu/wecom'
import { corpRule } from '../../../infra/budget/rules.ts'
import type { Tx } from '../../../infra/db/database.ts'
import { AppError } from '../../../infra/errors.ts'
import { findCampaign } from '../campaigns/campaigns.store.ts'
import { urlsOf } from '../campaigns/content.ts'
import { tellGaveWay } from '../campaigns/gave-way.alarms.ts'
import { fates } from '../campaigns/recipient.ts'
import { quotaAt } from '../governor/quota.ts'
import { noteGroupVerdicts } from '../governor/verdicts.store.ts'
import type { PlanInput } from './draft.store.ts'
import { forecastOf, type Share } from './forecast.ts'
import { type GroupTask, hasTwins, tasksOfGroups } from './group.ts'
import { countMembersOver } from './group-members.store.ts'
import { judgesMembers, type MarkGoverned } from './group-members.ts'
import {
  dropOldRehearsals,
  type OwnerFacts,
  ownersOf,
  type Rival,
  writeGroups,
  writeGroupTasks,
} from './groups.store.ts'
import { type Decided, decideGroups } from './groups-decided.ts'
import { pastOf } from './outlook.store.ts'
import { createPath, pastMs, presented, shown, tasksMost } from './outlook.ts'
import type { PlanView } from './plan.schema.ts'
import * as runs from './runs.store.ts'

/**
 * Plans a run that is for groups, in the transaction that makes it count: what is decided of each, and the tasks. A corp has
 * some ten thousand groups at most, so each is decided in memory. Undefined: somebody else planned it, or it is wanted no more.
 */
export async function planGroups(
  tx: Tx,
  {
    found,
    input,
    limits,
    mark,
  }: {
    readonly found: runs.PlannedRun
    readonly input: PlanInput
    readonly limits: LimitProfile
    readonly mark: MarkGoverned
  },
): Promise<PlanView | undefined> {
  const { corpId, runId, ask, zone, spec, senderSet, rehearsal } = input
  const { groups } = spec
  if (groups === undefined) throw new Error(`run ${runId} says of no groups whether it is for them`)
  if ((await runs.lockPlanning(tx, runId)) === undefined) return undefined
  const asked = {
    corpId,
    campaignId: found.campaignId,
    spec,
    at: ask.at,
    waitUntil: ask.waitUntil,
    zone,
    senderSet,
    limits,
    fullOf: spec.marketing ? judgesMembers(tx, input, mark) : null,
  }
  const { decided, rivals } = await decideGroups(tx, asked)
  const chosen = decided.filter(({ fate }) => fate === 'sent_to')
  const most = groups.task_each ? 1 : limits.value('broadcast.groups_max')
  const tasks = tasksOfGroups(chosen, most)
  const held = decided.filter(({ fate }) => fate === 'held')
  // of groups only the sent ones are told: without a link two tasks of an owner could not be told apart after a lost answer
  if (
    (hasTwins(tasks) || hasTwins(tasksOfGroups(held, most))) &&
    spec.variants.every(({ content }) => urlsOf(content).length === 0)
  )
    throw needsLink(most)
  await dropOldRehearsals(tx, found.campaignId)
  await writeGroups(tx, found, decided)
  if (!rehearsal) await writeGroupTasks(tx, found, tasks)
  const told = [...chosen, ...held].map(({ chatId }) => chatId)
  const members = spec.marketing ? { members: await countMembersOver(tx, told) } : {}
  const plan = { ...(await viewOf(tx, input, { decided, rivals, chosen, held, tasks, limits })), ...members }
  await runs.notePlanned(tx, runId, plan)
  await noteGroupVerdicts(tx, runId, ask.at)
  const campaign = rehearsal ? undefined : await findCampaign(tx, corpId, found.campaignId)
  if (campaign !== undefined) await tellGaveWay(tx, campaign, plan.gave_way ?? [], ask.at)
  return plan
}

function needsLink(most: number): AppError {
  return new AppError('rule', {
    zh: `有群主要发的客户群超过 ${most} 个，一次发不完；请在内容里放一个链接，或缩小范围。`,
    en: `An owner has more than ${most} groups, which is more than one task holds: put a link into the message, or choose fewer groups.`,
  })
}

interface Told {
  readonly decided: readonly Decided[]
  readonly rivals: readonly Rival[]
  readonly chosen: readonly Decided[]
  readonly held: readonly Decided[]
  readonly tasks: readonly GroupTask[]
  readonly limits: LimitProfile
}

/** The plan as every plan is told; its persons are groups. */
async function viewOf(
  tx: Tx,
  { corpId, spec, ask }: PlanInput,
  { decided, rivals, chosen, held, tasks, limits }: Told,
): Promise<PlanView> {
  const shares: Share[] = [...Map.groupBy(chosen, ({ owner }) => owner)].map(([sender, his]) => ({
    ...{ sender, persons: his.length, spent: 0 },
  }))
  const owners = await ownersOf(
    tx,
    corpId,
    shares.map(({ sender }) => sender),
  )
  const loads = loadsOf(shares, tasks, owners)
  const past = await pastOf(tx, { corpId, spec }, new Date(ask.at.getTime() - pastMs))
  const frame = quotaAt(limits, ask.at)
  const { perMinute } = corpRule(createPath, limits)
  return {
    at: ask.at.toISOString(),
    candidates: decided.length,
    customers: [...chosen, ...held].reduce((sum, one) => sum + one.customers, 0),
    fates: Object.fromEntries(
      fates.map((fate) => [fate, decided.filter((one) => one.fate === fate).length]),
    ) as PlanView['fates'],
    exclusions: byReason(decided, 'excluded').map(({ reason, persons }) => ({
      ...{ name: reason, first: persons, hit: persons },
    })),
    gave_way: rivals
      .map(({ id, name, priority }) => ({ id, name, priority, groups: gaveWayTo(decided, id) }))
      .filter(({ groups }) => groups > 0),
    held: byReason(decided, 'held'),
    dropped: byReason(decided, 'dropped'),
    no_sender: byReason(decided, 'no_sender'),
    variants: spec.variants.map(({ name }, at) => ({ name, persons: at === 0 ? chosen.length : 0 })),
    policies: [],
    senders: shares.length,
    tasks: tasks.length,
    largest_task: Math.max(0, ...tasks.map(({ chatIds }) => chatIds.length)),
    canary: null,
    stores: storesOf(shares, owners),
    quota: { mode: frame.mode, most: frame.most, spent: decided.filter(({ reason }) => reason === 'quota').length },
    calls: { count: tasks.length, per_minute: perMinute, minutes: Math.ceil(tasks.length / perMinute) },
    loaded: loads.slice(0, shown.members),
    overloaded: { most: tasksMost, members: loads.filter((one) => one.tasks + one.open > tasksMost).length },
    forecast: presented(forecastOf(shares, past, spec.expires_hours)),
  }
}

const gaveWayTo = (decided: readonly Decided[], id: string) => decided.filter((one) => one.gaveWayTo === id).length

function byReason(decided: readonly Decided[], fate: Decided['fate']) {
  const his = decided.filter((one) => one.fate === fate)
  return [...Map.groupBy(his, ({ reason }) => reason ?? '')]
    .map(([reason, list]) => ({ reason, persons: list.length }))
    .sort((a, b) => b.persons - a.persons)
}

/** What each owner would have to confirm: so many taps are his tasks. Those with most first. */
function loadsOf(
  shares: readonly Share[],
  tasks: readonly GroupTask[],
  owners: readonly OwnerFacts[],
): PlanView['loaded'] {
  const known = new Map(owners.map((one) => [one.userid, one]))
  const taps = Map.groupBy(tasks, ({ owner }) => owner)
  return shares
    .map(({ sender, persons }) => ({
      ...{ sender, persons, name: known.get(sender)?.name ?? null },
      ...{ tasks: taps.get(sender)?.length ?? 0, open: known.get(sender)?.open ?? 0 },
    }))
    .sort((a, b) => b.tasks + b.open - (a.tasks + a.open) || b.persons - a.persons || (a.sender < b.sender ? -1 : 1))
}

function storesOf(shares: readonly Share[], owners: readonly OwnerFacts[]): PlanView['stores'] {
  const known = new Map(owners.map((one) => [one.userid, one]))
  return [...Map.groupBy(shares, ({ sender }) => known.get(sender)?.storeId ?? null)]
    .map(([id, list]) => ({
      ...{ id, name: known.get(list[0]?.sender ?? '')?.storeName ?? null, senders: list.length },
      persons: list.reduce((sum, one) => sum + one.persons, 0),
    }))
    .sort((a, b) => b.persons - a.persons)
    .slice(0, shown.stores)
}
