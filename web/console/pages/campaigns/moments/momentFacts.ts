import { useQuery } from '@tanstack/react-query'
import { api, ask } from '#shared/api/client.ts'
import { listed } from '#shared/format/list.ts'
import { useWords } from '#shared/i18n/words.ts'
import type { Fact } from '../../../components/FactList.tsx'
import { audiencesKey } from '../../audiences/audiences.ts'
import type { Spec } from '../campaign.ts'
import { words } from './words.ts'

/** What a Moment by corp tags says of who sees it, as one labelled line. */
export function useMomentFacts({ moment }: Pick<Spec, 'moment'>): Fact[] {
  const t = useWords(words)
  const ids = moment?.tags ?? []
  const { data } = useQuery({
    queryKey: [...audiencesKey, 'values', 'corp_tag', 'names', ids],
    queryFn: () => ask(api.GET('/api/audience-values', { params: { query: { kind: 'corp_tag', q: '', ids } } })),
    enabled: ids.length > 0,
    staleTime: 60_000,
  })
  const nameOf = (id: string) => data?.items.find((one) => one.id === id)?.name ?? '…'
  return [{ label: t('tags'), value: listed(ids.map(nameOf)) }]
}
