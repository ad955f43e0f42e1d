import { useQuery } from '@tanstack/react-query'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { Panel } from '../../components/PageShape.tsx'
import styles from './tags.module.css'
import { tagSyncKey } from './tags.ts'
import { words } from './words.ts'

/** What WeCom refused to put on or take off, and why. */
export function RefusedList({ count }: { count: number }) {
  const t = useWords(words)
  const { data, error } = useQuery({
    queryKey: [...tagSyncKey, 'refused', count],
    queryFn: () => ask(api.GET('/api/tag-sync/refused')),
  })
  return (
    <Panel title={t('sync.refused', { count: exactCount(count) })}>
      <p className={styles.quiet}>{t('sync.refused.how')}</p>
      {error && !data && <ErrorState error={error} />}
      {!data && !error && <Loading rows={2} />}
      <div className={styles.list}>
        {data?.items.map((row) => (
          <div key={`${row.customer_id} ${row.staff_name}`} className={styles.difference}>
            <div className={styles.name}>
              <a className={styles.link} href={`/customers/list/${row.customer_id}`}>
                {row.customer_name}
              </a>{' '}
              · {row.staff_name}
              <p className={styles.quiet}>
                {[...row.add.map((name) => `+${name}`), ...row.remove.map((name) => `−${name}`)].join(
                  t('list.separator'),
                )}{' '}
                · {row.reason}
              </p>
            </div>
          </div>
        ))}
      </div>
    </Panel>
  )
}
