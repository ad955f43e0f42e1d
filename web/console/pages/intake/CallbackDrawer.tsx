import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Drawer, Tag } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { exactTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { FactList } from '../../components/FactList.tsx'
import { Loading } from '../../components/Loading.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { useMay } from '../../lib/session.ts'
import styles from './CallbackDrawer.module.css'
import { stateColours } from './callbackStates.ts'
import { kindName } from './kinds.ts'
import { words } from './words.ts'

/** One callback whole: its times, what became of it, its content, and the replay of a failed one. */
export function CallbackDrawer({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  const t = useWords(words)
  return (
    <Drawer
      open={id !== undefined}
      onClose={onClose}
      size={640}
      title={t('detail.title', { id: id ?? '' })}
      destroyOnHidden
    >
      {id !== undefined && <CallbackDetail id={Number(id)} />}
    </Drawer>
  )
}

function CallbackDetail({ id }: { id: number }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const mayReplay = useMay('callbacks.replay')
  const { data, error, refetch } = useQuery({
    queryKey: ['callbacks', 'one', id],
    queryFn: () => ask(api.GET('/api/callbacks/{id}', { params: { path: { id } } })),
  })
  const replay = useMutation({
    mutationFn: () => ask(api.POST('/api/callbacks/{id}/replay', { params: { path: { id } } })),
    onSuccess: async () => {
      message.success(t('detail.replayed'))
      await queryClient.invalidateQueries({ queryKey: ['callbacks'] })
    },
    onError: (failure) => message.error(t('detail.replayFailed', { why: explain(failure).title })),
  })
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading />
  return (
    <div className={styles.detail}>
      <FactList
        facts={[
          { label: t('column.kind'), value: `${kindName(data.kind, t)} · ${data.kind}` },
          { label: t('column.state'), value: <Tag color={stateColours[data.state]}>{t(`state.${data.state}`)}</Tag> },
          { label: t('column.subject'), value: data.subject ?? '–' },
          { label: t('column.staff'), value: data.staff_name ?? data.staff_userid ?? '–' },
          { label: t('detail.created'), value: exactTime(data.created_at) },
          { label: t('detail.received'), value: exactTime(data.received_at) },
          ...(data.next_at === null ? [] : [{ label: t('detail.next'), value: exactTime(data.next_at) }]),
        ]}
      />
      {data.reason !== null && (
        <Alert
          type={data.state === 'dead' ? 'error' : 'warning'}
          showIcon
          title={t('detail.reason')}
          description={
            <>
              <p className={styles.reason}>{data.reason}</p>
              <p className={styles.reason}>{t('detail.attempts', { count: data.attempts })}</p>
            </>
          }
          {...(data.state === 'dead' && mayReplay
            ? {
                action: (
                  <Button type="primary" loading={replay.isPending} onClick={() => replay.mutate()}>
                    {t('detail.replay')}
                  </Button>
                ),
              }
            : {})}
        />
      )}
      <section>
        <h3 className={styles.heading}>{t('detail.body')}</h3>
        {data.masked && <p className={styles.quiet}>{t('detail.masked')}</p>}
        {data.body === null ? (
          <p className={styles.quiet}>{t('detail.erased')}</p>
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
          <pre className={styles.body} tabIndex={0}>
            {data.body}
          </pre>
        )}
      </section>
    </div>
  )
}
