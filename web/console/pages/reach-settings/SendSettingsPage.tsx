import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Input, InputNumber, Select, Skeleton } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { useWords } from '#shared/i18n/words.ts'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { useMay } from '../../lib/session.ts'
import { reachSettingsKey as key } from '../campaigns/campaign.ts'
import { Field } from '../channels/Field.tsx'
import { useTiers } from '../governor/useTiers.ts'
import styles from './settings.module.css'
import { words } from './words.ts'

type Settings = components['schemas']['ReachSettings']

/** Every order of the three; who is left out never earns anything, so all are named. */
const earnerOrders: Settings['earner_order'][] = [
  ['seller', 'owner', 'store'],
  ['seller', 'store', 'owner'],
  ['owner', 'seller', 'store'],
  ['owner', 'store', 'seller'],
  ['store', 'seller', 'owner'],
  ['store', 'owner', 'seller'],
]

/** 群发设置: what the brand is called, how many must agree, and how many are left alone. */
export function SendSettingsPage() {
  const t = useWords(words)
  const query = useQuery({ queryKey: key, queryFn: () => ask(api.GET('/api/reach/settings')) })
  const failure = query.error && explain(query.error)
  return (
    <PageShape title={t('title')} purpose={t('purpose')}>
      <Panel>
        {failure && <Alert type="error" showIcon role="alert" title={failure.title} description={failure.hint} />}
        {query.isPending && <Skeleton active />}
        {query.data && <SettingsForm key={JSON.stringify(query.data)} standing={query.data} />}
      </Panel>
    </PageShape>
  )
}

function SettingsForm({ standing }: { standing: Settings }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const mayWrite = useMay('campaigns.approve')
  const tiers = useTiers()
  const [draft, setDraft] = useState(standing)
  const change = (part: Partial<Settings>) => setDraft({ ...draft, ...part })
  const save = useMutation({
    mutationFn: () => {
      const brand = draft.brand.trim()
      return ask(api.PUT('/api/reach/settings', { body: { ...draft, brand: brand === '' ? null : brand } }))
    },
    onSuccess: (saved) => {
      void message.success(t('saved'))
      queryClient.setQueryData(key, saved)
    },
  })
  const failure = save.error && explain(save.error)
  const options = [...tiers].map(([value, label]) => ({ value, label }))
  return (
    <div className={styles.form}>
      <Field label={t('brand')} hint={t('brand.how')}>
        <Input
          value={draft.brand}
          maxLength={60}
          disabled={!mayWrite}
          onChange={({ target }) => change({ brand: target.value })}
        />
      </Field>
      <Field label={t('approval.most')} hint={t('approval.most.how')}>
        <InputNumber
          value={draft.one_approval_most}
          min={0}
          max={10_000_000}
          precision={0}
          disabled={!mayWrite}
          onChange={(most) => change({ one_approval_most: most ?? 0 })}
        />
      </Field>
      <Field label={t('approval.tiers')} hint={t('approval.tiers.how')}>
        <Select
          mode="multiple"
          value={draft.two_for_tiers}
          options={options}
          disabled={!mayWrite}
          placeholder={t('approval.tiers.none')}
          onChange={(chosen: string[]) => change({ two_for_tiers: chosen })}
        />
      </Field>
      <Field label={t('holdout')} hint={t('holdout.how')}>
        <InputNumber
          value={draft.global_holdout_permille / 10}
          min={0}
          max={20}
          step={0.5}
          precision={1}
          disabled={!mayWrite}
          onChange={(percent) => change({ global_holdout_permille: Math.round((percent ?? 0) * 10) })}
        />
      </Field>
      <Field label={t('moments')} hint={t('moments.how')}>
        <InputNumber
          value={draft.moments_a_month}
          min={1}
          max={31}
          precision={0}
          disabled={!mayWrite}
          onChange={(most) => most !== null && change({ moments_a_month: most })}
        />
      </Field>
      <Field label={t('earners')} hint={t('earners.how')}>
        <Select
          value={draft.earner_order.join(' ')}
          options={earnerOrders.map((order) => ({
            value: order.join(' '),
            label: order.map((one) => t(`earner.${one}`)).join(' → '),
          }))}
          disabled={!mayWrite}
          onChange={(chosen) => change({ earner_order: earnerOrders.find((one) => one.join(' ') === chosen) ?? [] })}
        />
      </Field>
      {failure && <Alert type="error" showIcon role="alert" title={failure.title} description={failure.hint} />}
      {mayWrite && (
        <Button type="primary" loading={save.isPending} onClick={() => save.mutate()}>
          {t('save')}
        </Button>
      )}
    </div>
  )
}
