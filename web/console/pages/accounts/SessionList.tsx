import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, Tag } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { MachineAgo } from '../../components/MachineAgo.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import styles from './accounts.module.css'
import { deviceOf } from './device.ts'
import { words } from './my.words.ts'

const key = ['my sessions']

export function SessionList() {
  const t = useWords(words)
  const { message } = App.useApp()
  const { data, error, refetch } = useQuery({ queryKey: key, queryFn: () => ask(api.GET('/api/auth/sessions')) })
  const settled = {
    onSuccess: () => queryClient.invalidateQueries({ queryKey: key }),
    onError: (failure: Error) => message.error(explain(failure).title),
  }
  const end = useMutation({
    mutationFn: (id: string) => ask(api.DELETE('/api/auth/sessions/{id}', { params: { path: { id } } })),
    ...settled,
  })
  const endOthers = useMutation({
    mutationFn: async () => {
      const { ended } = await ask(api.POST('/api/auth/sessions/end-others'))
      message.success(t('ended', { count: ended }))
    },
    ...settled,
  })
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading />
  return (
    <>
      <p className={styles.quiet}>{t('sessions.text')}</p>
      <ul className={styles.list}>
        {data.items.map((one) => (
          <li key={one.id} className={styles.session}>
            <div className={styles.device}>
              {device(one, t)} {one.current && <Tag color="success">{t('session.current')}</Tag>}
              <div className={styles.quiet}>
                {t(`method.${one.method}`)} · {one.ip} · {t('since')} <MachineAgo at={one.created_at} /> · {t('seen')}{' '}
                <MachineAgo at={one.seen_at} />
              </div>
            </div>
            {!one.current && (
              <Button
                size="small"
                loading={end.isPending && end.variables === one.id}
                onClick={() => end.mutate(one.id)}
              >
                {t('end')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {data.items.length > 1 && (
        <Button loading={endOthers.isPending} onClick={() => endOthers.mutate()}>
          {t('end.others')}
        </Button>
      )}
    </>
  )
}

function device(session: components['schemas']['Session'], t: Say<keyof typeof words.zh>): string {
  const known = deviceOf(session.user_agent)
  if (known !== undefined) return t('device', known)
  return session.user_agent === '' ? t('unknown') : session.user_agent
}
