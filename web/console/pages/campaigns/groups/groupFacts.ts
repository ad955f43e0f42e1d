import { listed } from '#shared/format/list.ts'
import { share } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import type { Fact } from '../../../components/FactList.tsx'
import type { Spec } from '../campaign.ts'
import { words } from './words.ts'

/** What a send to groups says of the groups, each part as one labelled line. */
export function useGroupFacts({ groups, marketing }: Pick<Spec, 'groups' | 'marketing'>): Fact[] {
  const t = useWords(words)
  if (groups === undefined) return []
  const { owners, stores, name, joined_within_days: days, chats } = groups
  const over = (marketing ? groups.most_over_permille : null) ?? null
  const chosen = [
    ...(owners.length === 0 ? [] : [t('fact.owners', { count: owners.length })]),
    ...(stores.length === 0 ? [] : [t('fact.stores', { count: stores.length })]),
    ...(name === '' ? [] : [t('fact.name', { name })]),
    ...(days === null ? [] : [t('fact.joined', { count: days })]),
    ...(chats.length === 0 ? [] : [t('fact.chats', { count: chats.length })]),
  ]
  return [
    { label: t('fact.groups'), value: chosen.length === 0 ? t('fact.all') : listed(chosen) },
    { label: t('fact.task'), value: t(groups.task_each ? 'tasks.group' : 'tasks.owner') },
    { label: t('fact.day'), value: t('fact.times', { count: groups.most_a_day }) },
    ...(over === null ? [] : [{ label: t('fact.over'), value: share(over / 1_000) }]),
  ]
}
