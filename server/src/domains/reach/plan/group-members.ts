import type { Tx } from '../../../infra/db/database.ts'
import type { PlanInput } from './draft.store.ts'
import { fullOfMembersOver, judgeMembers } from './group-members.store.ts'
import type { GroupsAsked } from './groups-decided.ts'

/** Marks those of whom a policy speaks alone with the first that does; answers in which table, null: none speaks so. */
export type MarkGoverned = () => Promise<string | null>

/**
 * Judges who of the members of groups would be left out alone, and so which groups are too full of them. No call to the platform
 * can leave one person out of a group.
 */
export function judgesMembers(tx: Tx, input: PlanInput, mark: MarkGoverned): NonNullable<GroupsAsked['fullOf']> {
  const most = mostOver(input)
  return async (chatIds) => {
    const marked = chatIds.length === 0 ? null : await mark()
    const everybody = input.policies.findIndex(({ whom }) => whom === null)
    await judgeMembers(tx, input, { marked, everybody }, chatIds)
    return most === null ? new Map() : fullOfMembersOver(tx, most)
  }
}

/** The part of its members who may be over, as permille; null: groups are kept out for none. */
export function mostOver({ spec }: Pick<PlanInput, 'spec'>): number | null {
  return spec.marketing ? (spec.groups?.most_over_permille ?? null) : null
}
