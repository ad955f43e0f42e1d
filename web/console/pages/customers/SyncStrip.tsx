import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useEffect, useRef } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { Count } from '../../components/Count.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import styles from './customers.module.css'
import { customersKey } from './customers.ts'
import { SyncRunView } from './SyncRunView.tsx'
import { words } from './sync.words.ts'
import { isLive, syncQuery } from './syncQuery.ts'

/** How fresh the list is; while a sync runs, how far it is. */
export function SyncStrip({ onOpen }: { onOpen: () => void }) {
  const t = useWords(words)
  const { data, error, refetch } = useQuery(syncQuery)
  const client = useQueryClient()
  const live = data?.runs.find(isLive)
  const newest = data?.last_done_at ?? undefined
  // what a sync brought is in the list at once
  const shown = useRef(newest)
  useEffect(() => {
    if (shown.current !== undefined && newest !== shown.current)
      void client.invalidateQueries({ queryKey: customersKey })
    shown.current = newest
  }, [client, newest])
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} inline />
  if (!data) return null
  return (
    <section className={styles.strip} aria-label={t('sync.title')}>
      <div className={styles.facts}>
        <span>
          {t('sync.customers')}{' '}
          <strong>
            <Count value={data.customers} />
          </strong>
        </span>
        <span>
          {data.last_done_at === null ? (
            t('sync.never')
          ) : (
            <>
              {t('sync.last')} <Ago at={data.last_done_at} />
            </>
          )}
        </span>
        {data.next_at !== null && (
          <span>
            {t('sync.next')} <Ago at={data.next_at} />
          </span>
        )}
        {data.waiting > 0 && <span>{t('sync.waiting', { count: data.waiting })}</span>}
        <Button type="link" size="small" onClick={onOpen}>
          {t('sync.open')}
        </Button>
      </div>
      {live && <SyncRunView run={live} />}
    </section>
  )
}
