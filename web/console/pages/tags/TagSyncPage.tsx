import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Alert, App, Button, Tag } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import { DifferenceLine } from './DifferenceLine.tsx'
import { MarksTable } from './MarksTable.tsx'
import { RefusedList } from './RefusedList.tsx'
import styles from './tags.module.css'
import { tagSyncKey, tagsPath } from './tags.ts'
import { useTagChanges } from './useTagChanges.ts'
import { words } from './words.ts'

/** 同步差异: a dry run of what differs between us and WeCom, applied all at once or one by one, and undone. */
export function TagSyncPage() {
  const t = useWords(words)
  const navigate = useNavigate()
  const { modal } = App.useApp()
  const mayWrite = useMay('tags.write')
  const carryOut = useTagChanges()
  const { data, error, refetch } = useQuery({
    queryKey: tagSyncKey,
    queryFn: () => ask(api.GET('/api/tag-sync')),
    refetchInterval: 3_000,
  })
  const total = data === undefined ? 0 : data.catalogue.length + data.marks
  const check = () => carryOut(() => ask(api.POST('/api/tag-sync/check')), t('sync.begun'))
  const apply = () => carryOut(() => ask(api.POST('/api/tag-sync/apply', { body: {} })), t('sync.begun'))
  const undo = (id: string, count: number) =>
    modal.confirm({
      title: t('sync.undo', { count: exactCount(count) }),
      content: t('sync.undo.text'),
      okText: t('sync.undo', { count: exactCount(count) }),
      cancelText: t('cancel'),
      onOk: () =>
        carryOut(() => ask(api.POST('/api/tag-sync/{id}/undo', { params: { path: { id } } })), t('sync.begun')),
    })
  const last = data?.last ?? null
  const isBusy = data?.running != null
  return (
    <PageShape
      title={t('sync.title')}
      purpose={t('sync.purpose')}
      action={
        <>
          <Button onClick={() => void navigate({ to: tagsPath })}>{t('back')}</Button>
          {mayWrite && (
            <Button disabled={isBusy} onClick={() => void check()}>
              {t('sync.check')}
            </Button>
          )}
          {mayWrite && total + (data?.refused ?? 0) > 0 && (
            <Button type="primary" disabled={isBusy} onClick={() => void apply()}>
              {t('sync.apply', { count: exactCount(total) })}
            </Button>
          )}
        </>
      }
    >
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading rows={8} />}
      {data && (
        <div className={styles.list}>
          <div className={styles.bar}>
            <span className={styles.quiet}>
              {data.checked_at !== null && (
                <>
                  {t('sync.checked')} <Ago at={data.checked_at} />
                </>
              )}
            </span>
            {data.waiting > 0 && <Tag color="processing">{t('sync.waiting', { count: exactCount(data.waiting) })}</Tag>}
            {last !== null && mayWrite && (
              <Button size="small" disabled={isBusy} onClick={() => undo(last.id, last.changes)}>
                {t('sync.undo', { count: exactCount(last.changes) })}
              </Button>
            )}
          </div>
          {data.running !== null && (
            <Alert type="info" title={t('sync.running', { done: exactCount(data.running.done) })} />
          )}
          {total === 0 && data.refused === 0 && (
            <Panel>
              {data.checked_at === null && last === null ? (
                <EmptyState
                  title={t('sync.never')}
                  text={t('sync.never.how')}
                  action={
                    mayWrite && (
                      <Button type="primary" disabled={isBusy} onClick={() => void check()}>
                        {t('sync.check')}
                      </Button>
                    )
                  }
                />
              ) : (
                <EmptyState title={t('sync.none')} text={t('sync.none.how')} />
              )}
            </Panel>
          )}
          {data.catalogue.length > 0 && (
            <Panel title={t('sync.catalogue')}>
              <div className={styles.list}>
                {data.catalogue.map((one) => (
                  <DifferenceLine key={one.key} difference={one} mayApply={mayWrite && !isBusy} />
                ))}
              </div>
            </Panel>
          )}
          {data.marks > 0 && <MarksTable mayApply={mayWrite && !isBusy} count={data.marks} />}
          {data.refused > 0 && <RefusedList count={data.refused} />}
        </div>
      )}
    </PageShape>
  )
}
