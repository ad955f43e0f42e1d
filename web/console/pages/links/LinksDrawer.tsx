import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, Drawer } from 'antd'
import { useMemo } from 'react'
import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { exactCount } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { FactList } from '../../components/FactList.tsx'
import { Loading } from '../../components/Loading.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { PlainBars } from '../../components/PlainBars.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { useMay } from '../../lib/session.ts'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import styles from './links.module.css'
import { linksKey } from './links.ts'
import { type LinkWords, words } from './words.ts'

type Detail = components['schemas']['RunOfLinksInDetail']
type Link = components['schemas']['LinkOfTask']

/** One run's links: by address, by hour, by task; and their stop. */
export function LinksDrawer({ run, name, onClose }: { run: number; name: string | undefined; onClose: () => void }) {
  const t = useWords(words)
  const { data, error, refetch } = useQuery({
    queryKey: [...linksKey, 'run', run],
    queryFn: () => ask(api.GET('/api/links/{run}', { params: { path: { run } } })),
  })
  const list = useKeysetList([...linksKey, 'tasks', run], (cursor) =>
    ask(api.GET('/api/links/{run}/tasks', { params: { path: { run }, query: cursor ? { cursor } : {} } })),
  )
  const columns = useMemo(() => columnsOf(t), [t])
  return (
    <Drawer open onClose={onClose} size={880} title={name ?? t('title')} destroyOnHidden>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading rows={6} />}
      {data && (
        <div className={styles.parts}>
          <Panel title={t('detail.places')} aside={<Stop run={run} detail={data} />}>
            <FactList
              facts={(['persons', 'known', 'unknown'] as const).map((key) => ({
                label: t(`column.${key}`),
                value: exactCount(data[key]),
              }))}
            />
            <Places detail={data} />
          </Panel>
          <Panel title={t('detail.hours')}>
            {data.hours.length === 0 ? <p className={styles.quiet}>{t('detail.none')}</p> : <Hours detail={data} />}
          </Panel>
        </div>
      )}
      <Panel title={t('detail.tasks')} flush>
        <DataTable<Link>
          id="links-of-run"
          name={t('detail.tasks')}
          columns={columns}
          list={list}
          rowKey={(row) => `${row.task} ${row.place}`}
        />
      </Panel>
    </Drawer>
  )
}

function Places({ detail }: { detail: Detail }) {
  const t = useWords(words)
  return (
    <ul className={styles.places}>
      {detail.places.map((one) => (
        <li key={`${one.place} ${one.target}`}>
          <span className={styles.target}>{one.target}</span>
          <span className={styles.quiet}>
            {t('known')} {exactCount(one.known)} · {t('unknown')} {exactCount(one.unknown)}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Hours({ detail }: { detail: Detail }) {
  const t = useWords(words)
  return (
    <PlainBars
      name={t('detail.hours')}
      height={200}
      data={{
        kind: 'bar',
        labels: detail.hours.map(({ at }) => exactTime(at).slice(5, 16)),
        series: (['known', 'unknown'] as const).map((key) => ({
          name: t(key),
          values: detail.hours.map((one) => one[key]),
        })),
      }}
    />
  )
}

function Stop({ run, detail }: { run: number; detail: Detail }) {
  const t = useWords(words)
  const { message, modal } = App.useApp()
  const mayStop = useMay('campaigns.write')
  const links = detail.places.reduce((sum, one) => sum + one.links, 0)
  const turn = useMutation({
    mutationFn: (stopped: boolean) =>
      ask(api.POST('/api/links/{run}/stop', { params: { path: { run } }, body: { stopped } })),
    onSuccess: async (answer, stopped) => {
      await queryClient.invalidateQueries({ queryKey: linksKey })
      void message.success(t(stopped ? 'stopped' : 'resumed', { links: answer.links }))
    },
    onError: (failure) => void message.error(`${explain(failure).title}${explain(failure).hint}`),
  })
  if (!mayStop) return null
  if (detail.stopped)
    return (
      <Button loading={turn.isPending} onClick={() => turn.mutate(false)}>
        {t('resume', { links })}
      </Button>
    )
  const confirm = () =>
    modal.confirm({
      title: t('stop', { links }),
      content: t('stop.how'),
      okText: t('stop', { links }),
      okButtonProps: { danger: true },
      cancelText: t('cancel'),
      onOk: () => turn.mutateAsync(true).catch(() => undefined),
    })
  return (
    <Button danger loading={turn.isPending} onClick={confirm}>
      {t('stop', { links })}
    </Button>
  )
}

function columnsOf(t: Say<LinkWords>): Column<Link>[] {
  return [
    { key: 'task', title: t('task'), width: 80, fixed: true, render: (row) => (row.task < 0 ? '–' : row.task) },
    { key: 'sender', title: t('sender'), width: 120, render: (row) => row.sender_name ?? row.sender ?? '–' },
    { key: 'address', title: t('address'), render: (row) => row.address },
    { key: 'target', title: t('place'), hidden: true, render: (row) => row.target },
    { key: 'known', title: t('known'), width: 110, align: 'right', render: (row) => exactCount(row.known) },
    { key: 'unknown', title: t('unknown'), width: 120, align: 'right', render: (row) => exactCount(row.unknown) },
  ]
}
