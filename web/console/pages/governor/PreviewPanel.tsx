import { useMutation, useQuery } from '@tanstack/react-query'
import { Button, Select, Tag } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { JobProgress } from '../../components/JobProgress.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { useSession } from '../../lib/session.ts'
import styles from './governor.module.css'
import { type Channel, channels, colours, policiesKey } from './governor.ts'
import { words } from './words.ts'

/** Everybody judged by what holds now; asked for, because it reads every customer. */
export function PreviewPanel() {
  const t = useWords(words)
  const language = useLanguage()
  const whole = useSession().account.scope.kind === 'corp'
  const [channel, setChannel] = useState<Channel>('customer_send')
  const begin = useMutation({
    mutationFn: () => ask(api.POST('/api/governor/previews', { body: { channel, priority: 5, wait_hours: 72 } })),
  })
  const id = begin.data?.operation_id
  const job = useQuery({
    queryKey: ['operations', id],
    queryFn: () => ask(api.GET('/api/operations/{id}', { params: { path: { id: id ?? '' } } })),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (state.data?.finished_at == null ? 500 : false),
  })
  const result = useQuery({
    queryKey: [...policiesKey, 'preview', id],
    queryFn: () => ask(api.GET('/api/governor/previews/{id}', { params: { path: { id: id ?? '' } } })),
    enabled: job.data?.state === 'done',
  })
  const cancel = useMutation({
    mutationFn: () => ask(api.POST('/api/operations/{id}/cancel', { params: { path: { id: id ?? '' } } })),
    onSettled: () => job.refetch(),
  })
  if (!whole) return null
  const data = result.data
  const error = begin.error ?? job.error ?? result.error
  const running = begin.isPending || (id !== undefined && job.data?.finished_at == null && !job.error)
  return (
    <Panel
      title={t('preview.title')}
      aside={
        <div className={styles.acts}>
          <Select<Channel>
            aria-label={t('ask.channel')}
            popupMatchSelectWidth={false}
            value={channel}
            options={channels.map((value) => ({ value, label: t(`channel.${value}`) }))}
            onChange={setChannel}
          />
          <Button loading={running} onClick={() => begin.mutate()}>
            {t('preview.run')}
          </Button>
        </div>
      }
    >
      {error && <ErrorState error={error} onRetry={() => begin.mutate()} inline />}
      {job.data && job.data.state !== 'done' && (
        <JobProgress job={{ ...job.data, title: t('preview.job') }} onCancel={() => cancel.mutate()} />
      )}
      <p className={styles.quiet} role="status">
        {data
          ? data.persons === 0
            ? t('preview.nobody')
            : t('preview.total', { time: exactTime(data.at), persons: exactCount(data.persons) })
          : t('preview.how')}
      </p>
      {data && data.persons > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <div className={styles.scroll} tabIndex={0}>
          <table className={styles.table}>
            <thead>
              <tr>
                {(['policy', 'verdict', 'reason', 'persons'] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`preview.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.groups.map(({ policy, verdict, reason, words: said, persons }) => (
                <tr key={`${policy} ${verdict} ${reason}`}>
                  <th scope="row">{policy ?? t('policy.none')}</th>
                  <td>
                    <Tag color={colours[verdict]}>{t(`verdict.${verdict}`)}</Tag>
                  </td>
                  <td>{reason === null ? '–' : language === 'en' ? said.en : said.zh}</td>
                  <td className={styles.figure}>{exactCount(persons)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  )
}
