import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, Popconfirm, Table } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { listed } from '#shared/format/list.ts'
import { useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { JobProgress } from '../../components/JobProgress.tsx'
import { Loading } from '../../components/Loading.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { useMay } from '../../lib/session.ts'
import { useUrl } from '../../lib/useUrl.ts'
import styles from './channels.module.css'
import { words } from './orphans.words.ts'
import { words as listWords } from './words.ts'

type Orphan = components['schemas']['OrphanCode']
type Verb = 'adopt' | 'delete' | 'rebuild'

/** Codes on one side only: at the platform unknown to us, or ours that the platform lost. */
export function OrphansPage() {
  const t = useWords(words)
  const tList = useWords(listWords)
  const { message } = App.useApp()
  const mayWrite = useMay('channels.write')
  const [url, changeUrl] = useUrl()
  const { data, error, refetch } = useQuery({
    queryKey: ['channels', 'orphans'],
    queryFn: () => ask(api.GET('/api/channels/orphans')).then((answer) => answer.items),
  })
  const run = useMutation({
    mutationFn: () => ask(api.POST('/api/channels/orphans')),
    onSuccess: (begun) => changeUrl({ job: begun.operation_id }),
    onError: (failure) => message.error(explain(failure).title),
  })
  const settle = useMutation({
    mutationFn: ({ verb, id }: { verb: Verb; id: string }) =>
      api.POST(`/api/channels/orphans/{id}/${verb}`, { params: { path: { id } } }),
    onSuccess: async () => {
      message.success(t('orphans.done'))
      await queryClient.invalidateQueries({ queryKey: ['channels'] })
    },
    onError: (failure) => message.error(`${explain(failure).title}${explain(failure).hint}`),
  })
  const start = (
    <Button type="primary" loading={run.isPending} onClick={() => run.mutate()}>
      {t('orphans.run')}
    </Button>
  )
  return (
    <PageShape title={t('orphans.title')} purpose={t('orphans.purpose')} action={mayWrite && start}>
      {url['job'] !== undefined && <OrphanJob id={url['job']} />}
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading rows={6} />}
      {data?.length === 0 && (
        <Panel>
          <EmptyState title={t('orphans.none')} text={t('orphans.none.how')} {...(mayWrite ? { action: start } : {})} />
        </Panel>
      )}
      {data && data.length > 0 && (
        <Panel flush>
          <Table<Orphan>
            rowKey="id"
            size="middle"
            scroll={{ x: 760 }}
            pagination={false}
            dataSource={data}
            columns={[
              { title: t('orphans.column.kind'), render: (_, row) => t(`orphans.${row.kind}`) },
              { title: t('orphans.column.remark'), render: (_, row) => row.channel?.name ?? (row.remark || '–') },
              { title: t('orphans.column.state'), render: (_, row) => row.state || '–' },
              { title: t('orphans.column.users'), render: (_, row) => listed(row.users) || '–' },
              { title: t('orphans.column.found'), render: (_, row) => <Ago at={row.found_at} /> },
              ...(mayWrite
                ? [
                    {
                      title: tList('column.actions'),
                      render: (_: unknown, row: Orphan) => (
                        <Acts row={row} onAct={(verb) => settle.mutate({ verb, id: row.id })} />
                      ),
                    },
                  ]
                : []),
            ]}
          />
        </Panel>
      )}
    </PageShape>
  )
}

function Acts({ row, onAct }: { row: Orphan; onAct: (verb: Verb) => void }) {
  const t = useWords(words)
  const dangerous: Verb = row.kind === 'unknown_here' ? 'delete' : 'rebuild'
  return (
    <span className={styles.actions}>
      {row.kind === 'unknown_here' && (
        <Button size="small" onClick={() => onAct('adopt')}>
          {t('orphans.adopt')}
        </Button>
      )}
      <Popconfirm
        title={t(`orphans.${dangerous}`)}
        description={t(`orphans.${dangerous}Sure`)}
        okText={t(`orphans.${dangerous}`)}
        onConfirm={() => onAct(dangerous)}
      >
        <Button size="small" danger={dangerous === 'delete'}>
          {t(`orphans.${dangerous}`)}
        </Button>
      </Popconfirm>
    </span>
  )
}

function OrphanJob({ id }: { id: string }) {
  const t = useWords(words)
  const { data } = useQuery({
    queryKey: ['operations', id],
    queryFn: async () => {
      const job = await ask(api.GET('/api/operations/{id}', { params: { path: { id } } }))
      if (job.finished_at !== null) await queryClient.invalidateQueries({ queryKey: ['channels', 'orphans'] })
      return job
    },
    refetchInterval: (query) => (query.state.data?.finished_at == null ? 1_000 : false),
  })
  return data ? (
    <Panel>
      <JobProgress job={{ ...data, title: t('orphans.title') }} />
    </Panel>
  ) : null
}
