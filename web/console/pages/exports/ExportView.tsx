import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Alert, Button, Progress, Tag } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { bytes, exactCount } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { type Fact, FactList } from '../../components/FactList.tsx'
import { Loading } from '../../components/Loading.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { useMay } from '../../lib/session.ts'
import styles from '../imports/imports.module.css'
import { Deciding } from './Deciding.tsx'
import { Decision } from './Decision.tsx'
import { colours, type Export, exportsKey, exportsPath, fileOf, isLive } from './exports.ts'
import { type ExportWords, words } from './words.ts'

/** One export as it stands: how far it is, what has to happen, and the file when it is there. */
export function ExportView({ id, onClose }: { id: string; onClose?: () => void }) {
  const found = useQuery({
    queryKey: [...exportsKey, id],
    queryFn: () => ask(api.GET('/api/exports/{id}', { params: { path: { id } } })),
    refetchInterval: (query) => (query.state.data && isLive(query.state.data.state) ? 700 : 10_000),
  })
  if (found.error) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />
  return found.data ? <Shown one={found.data} {...(onClose ? { onClose } : {})} /> : <Loading rows={4} />
}

function Shown({ one, onClose }: { one: Export; onClose?: () => void }) {
  const t = useWords(words)
  const navigate = useNavigate()
  const mayExport = useMay('customers.export')
  const mayDecide = useMay('customers.export_any')
  const cancel = useMutation({
    mutationFn: () => ask(api.POST('/api/exports/{id}/cancel', { params: { path: { id: one.id } } })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: exportsKey }),
  })
  const refusal = cancel.error ? explain(cancel.error) : undefined
  const share = one.expected === null || one.expected === 0 ? 0 : Math.min(1, one.done / one.expected)
  return (
    <div className={styles.wide}>
      <div className={styles.acts}>
        <strong>{one.title}</strong>
        <Tag color={colours[one.state]}>{t(`state.${one.state}`)}</Tag>
      </div>
      {isLive(one.state) && (
        <div role="status">
          <Progress percent={Math.round(share * 1000) / 10} status="active" aria-label={t('job')} />
          <span className="num">
            {exactCount(one.done)}
            {one.expected !== null && ` / ${exactCount(one.expected)}`}
          </span>
        </div>
      )}
      <Said one={one} />
      <FactList facts={factsOf(one, t)} />
      {one.state === 'waiting' && mayDecide && !one.mine && <Decision id={one.id} />}
      {refusal && <Alert type="error" showIcon role="alert" title={refusal.title} description={refusal.hint} />}
      <div className={styles.acts}>
        {one.state === 'ready' && one.mine && mayExport && (
          <Button type="primary" href={fileOf(one)} download>
            {t('download')}
          </Button>
        )}
        {mayExport && (isLive(one.state) || (one.state === 'waiting' && one.mine)) && (
          <Button loading={cancel.isPending} onClick={() => cancel.mutate()}>
            {t('cancel')}
          </Button>
        )}
        {onClose && (
          <>
            <Button onClick={() => void navigate({ to: exportsPath })}>{t('seeAll')}</Button>
            <Button onClick={onClose}>{t('close')}</Button>
          </>
        )}
      </div>
    </div>
  )
}

const filterNames = [
  'q',
  'staff',
  'channel',
  'tag',
  'audience',
  'status',
  'added_from',
  'added_until',
  'from',
  'until',
  'source',
  'store',
  'number',
  'category',
  'on_sale',
  'lines',
] as const

/** What happened, and what is to be done. */
function Said({ one }: { one: Export }) {
  const t = useWords(words)
  const mayAny = useMay('customers.export_any')
  switch (one.state) {
    case 'waiting':
      if (mayAny && !one.mine) return <Deciding one={one} />
      return <Alert type="info" showIcon role="status" title={t('waiting.title')} description={t('waiting.text')} />
    case 'ready':
      return (
        <Alert
          type={one.masked === false ? 'warning' : 'success'}
          showIcon
          role="status"
          title={t('ready.title', { rows: exactCount(one.rows ?? 0), size: bytes(one.size ?? 0) })}
          description={[
            one.masked === true ? t('ready.masked') : one.masked === false ? t('ready.clear') : '',
            one.mine ? '' : t('notMine'),
            one.expires_at === null ? '' : t('ready.until', { time: exactTime(one.expires_at) }),
          ].join(' ')}
        />
      )
    case 'refused':
      return <Alert type="error" showIcon role="status" title={t('refused.title')} description={one.decision} />
    case 'failed':
      return (
        <Alert
          type="error"
          showIcon
          role="alert"
          title={one.problem?.message ?? t('failed.title')}
          description={one.problem?.hint}
        />
      )
    case 'expired':
      return (
        <Alert
          type="info"
          showIcon
          role="status"
          title={t(one.rows === null ? 'expired.unanswered' : 'expired.text')}
        />
      )
    case 'cancelled':
      return <Alert type="info" showIcon role="status" title={t('cancelled.title')} />
    default:
      return null
  }
}

/** A filter as the lists call it; a name that has no word stands as it is. */
function filterWords(t: Say<ExportWords>, key: string, value: unknown): string {
  const name = filterNames.find((one) => one === key)
  const label = name === undefined ? key : t(`filter.${name}`)
  return value === true ? label : `${label} ${String(value)}`
}

function factsOf(one: Export, t: Say<ExportWords>): Fact[] {
  const filters = Object.entries(one.filters).filter(([, value]) => value !== false && value !== '')
  const facts: Fact[] = [
    { label: t('column.kind'), value: one.kind_name },
    { label: t('column.format'), value: t(`format.${one.format}`) },
    { label: t('column.by'), value: one.requested_by.name },
    { label: t('column.at'), value: exactTime(one.requested_at) },
    { label: t('downloads'), value: exactCount(one.downloads) },
  ]
  if (one.reason !== '') facts.push({ label: t('reason'), value: one.reason })
  if (one.kind !== 'audience')
    facts.push({
      label: t('filters'),
      value:
        filters.length === 0
          ? t('filters.none')
          : filters.map(([key, value]) => filterWords(t, key, value)).join(t('filters.separator')),
    })
  if (one.decided_by !== null) facts.push({ label: t('decision.by'), value: one.decided_by.name })
  if (one.decision) facts.push({ label: t('decision'), value: one.decision })
  return facts
}
