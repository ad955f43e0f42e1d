import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Tag } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { exactTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../../components/ErrorState.tsx'
import { Loading } from '../../../components/Loading.tsx'
import { Panel } from '../../../components/PageShape.tsx'
import { explain } from '../../../lib/explain.ts'
import { queryClient } from '../../../lib/queryClient.ts'
import { useMay } from '../../../lib/session.ts'
import { customersKey } from '../customers.ts'
import styles from './senders.module.css'
import { words } from './words.ts'

type Sender = components['schemas']['CustomerSender']

const colours = { owner: 'purple', chat: 'blue', latest: 'default', contact: 'default' } as const

/** Who would send to this customer, in turn and why; managers name the exclusive owner. */
export function CustomerSenders({ id }: { id: number }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const mayAssign = useMay('customers.assign')
  const key = [...customersKey, 'senders', id]
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: () => ask(api.GET('/api/customers/{id}/senders', { params: { path: { id } } })),
  })
  const own = useMutation({
    mutationFn: (userid: string | null) =>
      ask(api.PUT('/api/customers/{id}/owner', { params: { path: { id } }, body: { userid } })),
    onSuccess: async (senders) => {
      queryClient.setQueryData(key, senders)
      void message.success(t('saved'))
      await queryClient.invalidateQueries({ queryKey: [...customersKey, 'timeline'] })
    },
  })
  const failure = own.error && explain(own.error)
  return (
    <Panel title={t('title')}>
      <p className={styles.quiet}>{t('hint')}</p>
      {error && <ErrorState error={error} onRetry={() => void refetch()} inline />}
      {!data && !error && <Loading rows={2} />}
      {data?.items.length === 0 && <p className={styles.quiet}>{t('none')}</p>}
      {data?.owner?.elsewhere === true && <p className={styles.quiet}>{t('elsewhere')}</p>}
      {data && data.items.length > 0 && (
        <ol className={styles.turns} aria-label={t('title')}>
          {data.items.map((one) => (
            <li key={one.userid} className={styles.turn} aria-label={one.name}>
              <SenderFacts sender={one} />
              {mayAssign &&
                (one.because === 'owner' ? (
                  <Button size="small" loading={own.isPending} onClick={() => own.mutate(null)}>
                    {t('remove')}
                  </Button>
                ) : (
                  !one.gone &&
                  data.owner?.elsewhere !== true && (
                    <Button size="small" loading={own.isPending} onClick={() => own.mutate(one.userid)}>
                      {t('set')}
                    </Button>
                  )
                ))}
            </li>
          ))}
        </ol>
      )}
      {data && !data.chats_told && <p className={styles.quiet}>{t('noChats')}</p>}
      {failure && <Alert type="error" showIcon role="alert" title={failure.title} description={failure.hint} />}
    </Panel>
  )
}

function SenderFacts({ sender }: { sender: Sender }) {
  const t = useWords(words)
  const at = sender.since === null ? undefined : exactTime(sender.since).slice(0, 16)
  const since = sender.because === 'owner' ? 'since' : sender.because === 'chat' ? 'since.chat' : 'since.added'
  return (
    <span className={styles.facts}>
      <strong className={sender.gone || sender.away_until !== null ? styles.passed : undefined}>{sender.name}</strong>
      <Tag color={colours[sender.because]}>{t(`because.${sender.because}`)}</Tag>
      {sender.gone && (
        <Tag color="error" title={t('gone.why')}>
          {t('gone')}
        </Tag>
      )}
      {sender.away_until !== null && (
        <Tag color="warning">{t('away', { until: exactTime(sender.away_until).slice(0, 16) })}</Tag>
      )}
      {at !== undefined && <span className={styles.quiet}>{t(since, { at })}</span>}
    </span>
  )
}
