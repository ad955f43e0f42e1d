import { useQuery } from '@tanstack/react-query'
import { Button, Tag } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { exactTime } from '#shared/format/time.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { CustomerValue } from '../rfm/CustomerValue.tsx'
import styles from './lifecycle.module.css'
import { words } from './words.ts'

type Standing = components['schemas']['CustomerLifeCycle']

/** On a customer's page: the stage with since when and why, what came before, and the value. */
export function CustomerStanding({ id }: { id: number }) {
  const t = useWords(words)
  const { data, error, refetch } = useQuery({
    queryKey: ['customers', 'life-cycle', id],
    queryFn: () => ask(api.GET('/api/customers/{id}/life-cycle', { params: { path: { id } } })),
    refetchInterval: 10_000,
  })
  return (
    <Panel title={t('standing.title')}>
      <div className={styles.standing}>
        {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
        {!data && !error && <Loading rows={2} />}
        {data && <StageNow standing={data} />}
        <CustomerValue id={id} />
      </div>
    </Panel>
  )
}

function StageNow({ standing: { current, history } }: { standing: Standing }) {
  const t = useWords(words)
  const language = useLanguage()
  const [open, setOpen] = useState(false)
  const said = (text: { zh: string; en: string }) => (language === 'en' ? text.en : text.zh)
  if (current === null && history.length === 0)
    return (
      <p className={styles.quiet}>
        {t('standing.none')}. {t('standing.none.why')}
      </p>
    )
  return (
    <div>
      <div className={styles.now}>
        <span>{t('standing.stage')}</span>
        {current === null ? t('standing.none') : <Tag color="processing">{current.name}</Tag>}
        {current && (
          <span className={styles.quiet}>
            {t('standing.since', { time: exactTime(current.since).slice(0, 16) })} · {t(`cause.${current.cause}`)}
          </span>
        )}
        <Button type="link" size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t('standing.why')}
        </Button>
      </div>
      {open && (
        <>
          {current && (
            <>
              <p className={styles.quiet}>
                {t('standing.rule', { rule: said(current.rule) })} (
                {t('standing.version', { version: current.version })})
              </p>
              <p className={styles.quiet}>{t('standing.today')}</p>
              <ul className={styles.facts}>
                {current.reasons.map((reason) => (
                  <li key={reason.en}>{said(reason)}</li>
                ))}
              </ul>
            </>
          )}
          <p className={styles.quiet}>{t('standing.history')}</p>
          <ul className={styles.facts}>
            {history.map((stay) => (
              <li key={stay.entered_at}>
                {stay.name}:{' '}
                {stay.left_at === null
                  ? t('standing.since', { time: exactTime(stay.entered_at).slice(0, 16) })
                  : t('standing.until', {
                      from: exactTime(stay.entered_at).slice(0, 16),
                      until: exactTime(stay.left_at).slice(0, 16),
                    })}{' '}
                <span className={styles.quiet}>
                  {t(`cause.${stay.cause}`)} · {t('standing.version', { version: stay.version })}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}
