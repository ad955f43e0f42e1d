import { useQuery } from '@tanstack/react-query'
import { Button, Form, Select, Tag } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactTime } from '#shared/format/time.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { FactList } from '../../components/FactList.tsx'
import { Loading } from '../../components/Loading.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import styles from './governor.module.css'
import { type Channel, colours, type Decision, indexText, personKey, wishes } from './governor.ts'
import { NotedDialog } from './NotedDialog.tsx'
import { CustomerQuota } from './QuotaFacts.tsx'
import { quotaWords } from './quota.words.ts'
import { type GovernorWords, words } from './words.ts'

interface Asked {
  channel: Channel
  priority: number
  wait_hours: number
  at?: string
}

/** Whether a message would arrive, and every rule that stands in the way. */
export function WhyPanel({ id, asked }: { id: number; asked: Asked }) {
  const t = useWords(words)
  const ofQuota = useWords(quotaWords)
  const language = useLanguage()
  const mayWrite = useMay('customers.write')
  const [wishing, setWishing] = useState(false)
  const { data, error, refetch } = useQuery({
    queryKey: [...personKey, id, 'decision', asked],
    queryFn: () => ask(api.GET('/api/customers/{id}/touch-decision', { params: { path: { id }, query: asked } })),
  })
  return (
    <Panel
      title={t('why.title')}
      aside={mayWrite && <Button onClick={() => setWishing(true)}>{t('wish.change')}</Button>}
    >
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading rows={4} />}
      {data && (
        <>
          <p className={styles.verdict} role="status">
            <Tag color={colours[data.verdict]}>{t(`verdict.${data.verdict}`)}</Tag>
            {verdictText(data, t)}
          </p>
          <ul className={styles.reasons}>
            {data.reasons.map(({ reason, until, words: said }) => (
              <li key={`${reason} ${said.zh}`}>
                {language === 'en' ? said.en : said.zh}
                <span className={styles.quiet}>
                  {' '}
                  {until === null ? t('why.forever') : t('why.until', { time: exactTime(until) })}
                </span>
              </li>
            ))}
          </ul>
          <FactList
            facts={[
              {
                label: t('fact.policy'),
                value:
                  data.policy === null
                    ? t('policy.none')
                    : `${data.policy.name} · ${t('version.n', { version: data.policy.version })}`,
              },
              { label: t('fact.wish'), value: t(`wish.${data.wish}`) },
              {
                label: t('fact.counted'),
                value: `${data.counted.day} / ${data.counted.week} / ${data.counted.month}`,
              },
              { label: t('fact.own'), value: String(data.counted.own) },
              { label: t('fact.reserved'), value: String(data.counted.reserved) },
              {
                label: t('fact.fatigue'),
                value: t(`fatigue.${data.fatigue_state}`, { index: indexText(data.fatigue) }),
              },
            ]}
          />
          <p className={styles.quiet}>{t('why.today')}</p>
          <h3 className={styles.beside}>{ofQuota('title')}</h3>
          <CustomerQuota id={id} />
        </>
      )}
      {wishing && <WishDialog id={id} wish={data?.wish ?? 'all'} onClose={() => setWishing(false)} />}
    </Panel>
  )
}

function verdictText({ verdict, until }: Decision, t: Say<GovernorWords>): string {
  if (verdict === 'send') return t('why.send')
  if (until === null) return t('why.drop')
  return t(verdict === 'hold' ? 'why.hold' : 'why.dropUntil', { time: exactTime(until) })
}

function WishDialog({ id, wish, onClose }: { id: number; wish: Decision['wish']; onClose: () => void }) {
  const t = useWords(words)
  const [chosen, setChosen] = useState(wish)
  const save = (reason: string) =>
    api.PUT('/api/customers/{id}/touch-wish', { params: { path: { id } }, body: { wish: chosen, reason } })
  return (
    <NotedDialog id={id} title={t('wish.title')} okText={t('save')} save={save} onClose={onClose}>
      <Form.Item label={t('fact.wish')} htmlFor="touch-wish">
        <Select<Decision['wish']>
          id="touch-wish"
          value={chosen}
          options={wishes.map((value) => ({ value, label: t(`wish.${value}`) }))}
          onChange={setChosen}
        />
      </Form.Item>
    </NotedDialog>
  )
}
