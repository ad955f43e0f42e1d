import type { LimitProfile } from '@nuanyu/wecom'
import type { Tx } from '../../../infra/db/database.ts'
import { localTime } from '../../../infra/zone.ts'
import { urlsOf } from '../campaigns/content.ts'
import { noteGroupVerdicts } from '../governor/verdicts.store.ts'
import type { PlanInput } from './draft.store.ts'
import { tasksOfGroups } from './group.ts'
import { judgesMembers, type MarkGoverned, mostOver } from './group-members.ts'
import { heldGroups, tasksSoFar, writeGroups, writeGroupTasks } from './groups.store.ts'
import { decideGroups } from './groups-decided.ts'
import type { Released } from './held.store.ts'
import type { PlannedRun } from './runs.store.ts'

/** Decides again about the groups of a run that were held until now: they go into tasks of their own, wait on, or are dropped. */
export async function releaseGroups(
  tx: Tx,
  {
    found,
    input,
    limits,
    mark,
  }: {
    readonly found: PlannedRun
    readonly input: PlanInput
    readonly limits: LimitProfile
    readonly mark: MarkGoverned
  },
  now: Date,
): Promise<Released | undefined> {
  const { corpId, spec, ask, zone, senderSet } = input
  const chatIds = await heldGroups(tx, found.id, now)
  if (chatIds.length === 0) return undefined
  const { last, unsure } = await tasksSoFar(tx, found.id)
  // without a link a second task of an owner could not be told from his first after a lost answer: it waits for that one
  if (unsure && spec.variants.every(({ content }) => urlsOf(content).length === 0)) return undefined
  const { decided } = await decideGroups(tx, {
    ...{ corpId, campaignId: found.campaignId, spec, at: ask.at, waitUntil: ask.waitUntil, zone, senderSet, limits },
    fullOf: mostOver(input) === null ? null : judgesMembers(tx, input, mark),
    again: { chatIds, minute: localTime(found.plannedFor, zone).minute },
  })
  const chosen = decided.filter(({ fate }) => fate === 'sent_to')
  await writeGroups(tx, found, decided)
  const most = spec.groups?.task_each ? 1 : limits.value('broadcast.groups_max')
  await writeGroupTasks(tx, found, tasksOfGroups(chosen, most, last))
  await noteGroupVerdicts(tx, found.id, now, chatIds)
  const held = decided.filter(({ fate }) => fate === 'held').length
  return { sentTo: chosen.length, held, dropped: decided.length - chosen.length - held }
}
