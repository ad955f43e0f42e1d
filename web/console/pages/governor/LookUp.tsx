import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Input, InputNumber, Select } from 'antd'
import { useEffect, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { useUrl } from '../../lib/useUrl.ts'
import { fromLocalInput, toLocalInput } from '../channels/moments.ts'
import { CampaignWhy } from './CampaignWhy.tsx'
import { CustomerWishes } from './CustomerWishes.tsx'
import { Field } from './Field.tsx'
import styles from './governor.module.css'
import { type Channel, channels } from './governor.ts'
import { Ledger } from './Ledger.tsx'
import { WhyPanel } from './WhyPanel.tsx'
import { words } from './words.ts'

/** One customer: would a message arrive, why not, and all that reached him. */
export function LookUp() {
  const t = useWords(words)
  const [url, changeUrl] = useUrl()
  const id = Number(url['customer'])
  const channel = channels.find((one) => one === url['channel']) ?? 'customer_send'
  const asked = {
    ...{ channel, priority: Number(url['priority'] ?? 5), wait_hours: Number(url['wait'] ?? 0) },
    ...(url['at'] === undefined ? {} : { at: url['at'] }),
  }
  return (
    <>
      <Panel>
        <div className={styles.ask}>
          <Field id="ask-customer" label={t('ask.customer')}>
            <CustomerSelect
              id={Number.isInteger(id) ? id : undefined}
              onChange={(chosen) => changeUrl({ customer: String(chosen) })}
            />
          </Field>
          <Field id="ask-channel" label={t('ask.channel')}>
            <Select<Channel>
              id="ask-channel"
              value={channel}
              options={channels.map((value) => ({ value, label: t(`channel.${value}`) }))}
              onChange={(chosen) => changeUrl({ channel: chosen })}
            />
          </Field>
          <Field id="ask-at" label={t('ask.at')}>
            <Input
              id="ask-at"
              type="datetime-local"
              value={toLocalInput(url['at'] ?? null)}
              onChange={(event) => changeUrl({ at: fromLocalInput(event.target.value) ?? undefined })}
            />
          </Field>
          <Field id="ask-priority" label={t('ask.priority')}>
            <InputNumber
              id="ask-priority"
              min={1}
              max={9}
              precision={0}
              value={asked.priority}
              onChange={(next) => next !== null && changeUrl({ priority: String(next) })}
            />
          </Field>
          <Field id="ask-wait" label={t('ask.wait')}>
            <InputNumber
              id="ask-wait"
              min={0}
              max={720}
              precision={0}
              value={asked.wait_hours}
              onChange={(next) => next !== null && changeUrl({ wait: String(next) })}
            />
          </Field>
        </div>
      </Panel>
      {Number.isInteger(id) ? (
        <>
          <WhyPanel id={id} asked={asked} />
          <CampaignWhy id={id} />
          <CustomerWishes id={id} />
          <Ledger id={id} />
        </>
      ) : (
        <Panel>
          <EmptyState title={t('ask.first')} text={t('ask.first.how')} />
        </Panel>
      )}
    </>
  )
}

const pauseMs = 200

export function CustomerSelect({ id, onChange }: { id: number | undefined; onChange: (id: number) => void }) {
  const t = useWords(words)
  const [typed, setTyped] = useState('')
  const [q, setQ] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setQ(typed.trim()), pauseMs)
    return () => clearTimeout(timer)
  }, [typed])
  const found = useQuery({
    queryKey: ['customers', 'choose', q],
    queryFn: () => ask(api.GET('/api/customers', { params: { query: q === '' ? { limit: 20 } : { q, limit: 20 } } })),
    placeholderData: keepPreviousData,
  })
  const chosen = useQuery({
    queryKey: ['customers', 'one', String(id)],
    queryFn: () => ask(api.GET('/api/customers/{id}', { params: { path: { id: id ?? 0 } } })),
    enabled: id !== undefined,
  })
  const options = (found.data?.items ?? []).map((one) => ({ value: one.id, label: one.name || `#${one.id}` }))
  const known = options.some((one) => one.value === id) || id === undefined
  return (
    <Select<number>
      id="ask-customer"
      placeholder={t('ask.customer.hint')}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      {...(id === undefined ? {} : { value: id })}
      loading={found.isFetching}
      options={known ? options : [{ value: id, label: chosen.data?.name || `#${id}` }, ...options]}
      onChange={onChange}
    />
  )
}
