import { useQuery } from '@tanstack/react-query'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../../components/ErrorState.tsx'
import { Loading } from '../../../components/Loading.tsx'
import styles from '../customers.module.css'
import { customersKey } from '../customers.ts'
import { GroupCard } from './GroupCard.tsx'
import { groupWords } from './words.ts'

const everyMs = 10_000

/** The customer groups in which the customer is, and those in which he was. */
export function GroupsPanel({ id }: { id: number }) {
  const t = useWords(groupWords)
  const { data, error, refetch } = useQuery({
    queryKey: [...customersKey, 'groups', id],
    queryFn: () => ask(api.GET('/api/customers/{id}/groups', { params: { path: { id } } })),
    refetchInterval: everyMs,
  })
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading rows={3} />
  if (data.items.length === 0) return <p className={styles.quiet}>{t('none')}</p>
  const past = data.items.filter((group) => !group.present)
  return (
    <>
      {data.items
        .filter((group) => group.present)
        .map((group) => (
          <GroupCard key={group.chat_id} group={group} />
        ))}
      {past.length > 0 && <h3 className={styles.heading}>{t('past')}</h3>}
      {past.map((group) => (
        <GroupCard key={group.chat_id} group={group} />
      ))}
    </>
  )
}
