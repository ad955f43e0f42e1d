import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Select, Tag } from 'antd'
import { useDeferredValue, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { exactTime } from '#shared/format/time.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { FactList } from '../../components/FactList.tsx'
import { Loading } from '../../components/Loading.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import { useUrl } from '../../lib/useUrl.ts'
import { whyWords } from './campaignWhy.words.ts'
import { Field } from './Field.tsx'
import styles from './governor.module.css'
import { personKey } from './governor.ts'

type Why = components['schemas']['CampaignWhy']

/** What is shown of the recipient. */
type Told = Pick<NonNullable<Why['recipient']>, 'status' | 'confirmed' | 'over' | 'sender' | 'sender_name' | 'sent_at'>

const colours = { sent_to: 'success', held: 'warning', dropped: 'error' } as const
const statuses = ['unsent', 'sent', 'no_friend', 'over_cap'] as const

/** Of one campaign: what was decided about the customer when it was planned, and what became of it. */
export function CampaignWhy({ id }: { id: number }) {
  const t = useWords(whyWords)
  const mayRead = useMay('campaigns.read')
  const [url, changeUrl] = useUrl()
  const campaign = url['campaign']
  const [typed, setTyped] = useState('')
  const q = useDeferredValue(typed.trim())
  const campaigns = useQuery({
    queryKey: ['campaigns', 'choose', q],
    queryFn: () => ask(api.GET('/api/campaigns', { params: { query: { limit: 50, ...(q === '' ? {} : { q }) } } })),
    enabled: mayRead,
    placeholderData: keepPreviousData,
  })
  // one that came with the address may be older than those listed
  const chosen = useQuery({
    queryKey: ['campaigns', 'chosen', campaign],
    queryFn: () => ask(api.GET('/api/campaigns/{id}', { params: { path: { id: campaign ?? '' } } })),
    enabled: mayRead && campaign !== undefined,
  })
  const listed = campaigns.data?.items ?? []
  const known = chosen.data === undefined || listed.some(({ id }) => id === chosen.data.id) ? [] : [chosen.data]
  if (!mayRead) return null
  return (
    <Panel title={t('title')}>
      <Field id="why-campaign" label={t('campaign')}>
        <Select<string>
          id="why-campaign"
          className={styles.wide ?? ''}
          allowClear
          showSearch={{ filterOption: false, onSearch: setTyped }}
          placeholder={t('choose')}
          {...(campaign === undefined ? {} : { value: campaign })}
          loading={campaigns.isFetching}
          options={[...known, ...listed].map((one) => ({ value: one.id, label: one.name }))}
          onChange={(chosen?: string) => changeUrl({ campaign: chosen })}
        />
      </Field>
      {campaign !== undefined && <Answer id={id} campaign={campaign} />}
    </Panel>
  )
}

function Answer({ id, campaign }: { id: number; campaign: string }) {
  const t = useWords(whyWords)
  const language = useLanguage()
  const { data, error, refetch } = useQuery({
    queryKey: [...personKey, id, 'campaign', campaign],
    queryFn: () =>
      ask(api.GET('/api/campaigns/{id}/why', { params: { path: { id: campaign }, query: { customer_id: id } } })),
  })
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} inline />
  if (!data) return <Loading rows={2} />
  const { recipient, run, policy } = data
  return (
    <>
      {recipient && (
        <p className={styles.verdict} role="status">
          <Tag color={tagColour(recipient.fate)}>{t(`fate.${recipient.fate}`)}</Tag>
          {recipient.held_until !== null && t('until', { time: exactTime(recipient.held_until) })}
        </p>
      )}
      <ul className={styles.reasons}>
        {data.words.map((said) => (
          <li key={said.zh}>{language === 'en' ? said.en : said.zh}</li>
        ))}
      </ul>
      {run && <FactList facts={factsOf(recipient, run, policy, t)} />}
    </>
  )
}

function tagColour(fate: string): string {
  return fate === 'sent_to' || fate === 'held' || fate === 'dropped' ? colours[fate] : 'default'
}

function factsOf(
  recipient: Told | null,
  run: NonNullable<Why['run']>,
  policy: Why['policy'],
  t: (key: keyof typeof whyWords.zh, values?: Record<string, string | number>) => string,
) {
  const known = recipient?.status == null || recipient.over ? undefined : statuses[recipient.status]
  const status = known === 'unsent' && recipient?.confirmed ? 'unseen' : known
  const sender = recipient?.sender_name ?? recipient?.sender ?? null
  return [
    { label: t('decided'), value: t(run.rehearsal ? 'at.rehearsal' : 'at.run', { time: exactTime(run.at) }) },
    ...(policy === null || policy.id === null
      ? []
      : [{ label: t('policy'), value: t('policy.of', { name: policy.name, version: policy.version }) }]),
    ...(sender === null ? [] : [{ label: t('sender'), value: sender }]),
    ...(status === undefined ? [] : [{ label: t('platform'), value: t(`status.${status}`) }]),
    ...(recipient?.sent_at == null ? [] : [{ label: t('sent_at'), value: exactTime(recipient.sent_at) }]),
  ]
}
