import { Button } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import styles from './tags.module.css'
import { type MarkDifference, tagSyncKey } from './tags.ts'
import { useTagChanges } from './useTagChanges.ts'
import { words } from './words.ts'

/** Relations whose tags somebody changed in WeCom against what was agreed. */
export function MarksTable({ mayApply, count }: { mayApply: boolean; count: number }) {
  const t = useWords(words)
  const carryOut = useTagChanges()
  const list = useKeysetList<MarkDifference>([...tagSyncKey, 'marks', count], (cursor) =>
    ask(api.GET('/api/tag-sync/marks', { params: { query: cursor === undefined ? {} : { cursor } } })),
  )
  const apply = ({ customer_id, userid, tag_id }: MarkDifference, winner?: 'ours' | 'wecom') =>
    carryOut(
      () =>
        ask(
          api.POST('/api/tag-sync/apply', {
            body: { marks: [{ customer_id, userid, tag_id }], ...(winner === undefined ? {} : { winner }) },
          }),
        ),
      t('sync.begun'),
    )
  return (
    <Panel title={t('sync.marks')}>
      {list.error && !list.rows && <ErrorState error={list.error} onRetry={list.refresh} />}
      {!list.rows && !list.error && <Loading rows={4} />}
      <div className={styles.list}>
        {(list.rows ?? []).map((row) => (
          <div key={`${row.customer_id} ${row.userid} ${row.tag_id}`} className={styles.difference}>
            <div className={styles.name}>
              <strong>{row.tag}</strong> <span className={styles.quiet}>{row.group}</span>
              <p className={styles.quiet}>
                <a className={styles.link} href={`/customers/list/${row.customer_id}`}>
                  {row.customer_name}
                </a>{' '}
                · {row.staff_name} · {t(row.wanted ? 'mark.wanted' : 'mark.unwanted')} · {t(`wins.${row.wins}`)}
              </p>
            </div>
            {mayApply && (
              <div className={styles.acts}>
                <Button size="small" onClick={() => void apply(row)}>
                  {t('sync.apply.one')}
                </Button>
                <Button
                  size="small"
                  type="text"
                  onClick={() => void apply(row, row.wins === 'ours' ? 'wecom' : 'ours')}
                >
                  {t(row.wins === 'ours' ? 'wins.wecom' : 'wins.ours')}
                </Button>
              </div>
            )}
          </div>
        ))}
        {(list.hasPrevious || list.hasNext) && (
          <div className={styles.acts}>
            <Button disabled={!list.hasPrevious} onClick={list.previous}>
              {t('page.previous')}
            </Button>
            <Button disabled={!list.hasNext} onClick={list.next}>
              {t('page.next')}
            </Button>
          </div>
        )}
      </div>
    </Panel>
  )
}
