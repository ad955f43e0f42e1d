import { useQuery } from '@tanstack/react-query'
import { api, ask } from '#shared/api/client.ts'
import { audiencesKey } from '../audiences/audiences.ts'
import type { Rule } from '../audiences/ruleTree.ts'
import { useSettled } from '../channels/useSettled.ts'
import type { DraftSpec, Whom } from './campaign.ts'

/** What a choice of persons is as a rule of audiences. */
export function ruleOf(whom: Whom): Rule {
  return 'audience' in whom ? { is: 'audience', id: whom.audience } : Object(whom.rule)
}

/** How many a rule holds, a moment after its last change: estimated at once where it is large. */
export function useRuleCount(rule: Rule | undefined) {
  const settled = useSettled(JSON.stringify(rule ?? null), 400)
  return useQuery({
    queryKey: [...audiencesKey, 'preview', settled, 'campaign'],
    queryFn: ({ signal }) =>
      ask(
        api.POST('/api/audiences/preview', {
          body: { rule: JSON.parse(settled), leaves: false, estimate: true },
          signal,
        }),
      ),
    enabled: settled !== 'null',
    placeholderData: (before) => (settled === 'null' ? undefined : before),
    retry: false,
  })
}

/** The audience and what is left of it after the exclusions. */
export function useWhomCount({ whom, exclusions: named }: Pick<DraftSpec, 'whom' | 'exclusions'>) {
  const exclusions = named.flatMap((one) => one.whom ?? [])
  const all = whom === null ? undefined : ruleOf(whom)
  const left =
    all === undefined || exclusions.length === 0
      ? undefined
      : { all: [all, ...exclusions.map((one) => ({ not: ruleOf(one) }))] }
  const ofAll = useRuleCount(all)
  const ofLeft = useRuleCount(left)
  return { whom: ofAll.data, left: left === undefined ? ofAll.data : ofLeft.data, error: ofAll.error ?? ofLeft.error }
}
