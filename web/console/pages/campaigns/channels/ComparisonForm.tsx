import { useMutation } from '@tanstack/react-query'
import { Alert, App, Button, Drawer, Input, InputNumber, Segmented } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../../lib/explain.ts'
import { ValueSelect } from '../../audiences/ValueSelect.tsx'
import { Field } from '../../channels/Field.tsx'
import { fromLocalInput, toLocalInput } from '../../channels/moments.ts'
import styles from '../campaigns.module.css'
import { words } from './words.ts'

const dayMs = 86_400_000

/** Names whom another channel reached, when, and what it cost. */
export function ComparisonForm({
  campaignId,
  run,
  began,
  onClose,
  onAdded,
}: {
  campaignId: string
  run: number
  began: string
  onClose: () => void
  onAdded: () => Promise<unknown>
}) {
  const t = useWords(words)
  const { message } = App.useApp()
  const [name, setName] = useState('')
  const [kind, setKind] = useState<'event' | 'audience'>('event')
  const [event, setEvent] = useState('')
  const [property, setProperty] = useState({ name: '', value: '' })
  const [from, setFrom] = useState(began)
  const [until, setUntil] = useState(new Date(Date.parse(began) + 7 * dayMs).toISOString())
  const [audience, setAudience] = useState<string>()
  const [at, setAt] = useState(began)
  const [cost, setCost] = useState<number | null>(null)
  const batch = property.name.trim() === '' || property.value.trim() === '' ? null : property
  const ready = name.trim() !== '' && (kind === 'event' ? event.trim() !== '' : audience !== undefined)
  const add = useMutation({
    mutationFn: () =>
      ask(
        api.POST('/api/campaigns/{id}/runs/{run}/comparisons', {
          params: { path: { id: campaignId, run } },
          body: {
            name: name.trim(),
            who:
              kind === 'event'
                ? { event: event.trim(), property: batch, from, until }
                : { audience: audience ?? '', at },
            cost: cost === null ? null : Math.round(cost * 100),
          },
        }),
      ),
    onSuccess: async () => {
      await onAdded()
      void message.success(t('added'))
      onClose()
    },
  })
  const failure = add.error && explain(add.error)
  return (
    <Drawer open size={520} onClose={onClose} title={t('form.title')} destroyOnHidden>
      <div className={styles.step}>
        <Field label={t('form.name')} hint={t('form.name.hint')}>
          <Input value={name} maxLength={30} onChange={({ target }) => setName(target.value)} />
        </Field>
        <Segmented<'event' | 'audience'>
          aria-label={t('form.kind')}
          value={kind}
          options={(['event', 'audience'] as const).map((one) => ({ value: one, label: t(`kind.${one}`) }))}
          onChange={setKind}
        />
        {kind === 'event' ? (
          <>
            <Field label={t('form.event')} hint={t('form.event.hint')}>
              <Input value={event} maxLength={64} onChange={({ target }) => setEvent(target.value)} />
            </Field>
            <div className={styles.pair}>
              {(['name', 'value'] as const).map((key) => (
                <Field key={key} label={t(key === 'name' ? 'form.property' : 'form.value')}>
                  <Input
                    value={property[key]}
                    maxLength={60}
                    onChange={({ target }) => setProperty({ ...property, [key]: target.value })}
                  />
                </Field>
              ))}
              <Moment label={t('form.from')} value={from} onChange={setFrom} />
              <Moment label={t('form.until')} value={until} onChange={setUntil} />
            </div>
          </>
        ) : (
          <>
            <Field label={t('form.audience')} hint={t('form.audience.hint')}>
              <ValueSelect
                kind="audience"
                label={t('form.audience')}
                single
                value={audience === undefined ? [] : [audience]}
                onChange={([chosen]) => setAudience(chosen)}
              />
            </Field>
            <Moment label={t('form.at')} value={at} onChange={setAt} />
          </>
        )}
        <Field label={t('form.cost')} hint={t('form.cost.hint')}>
          <InputNumber className={styles.wide ?? ''} min={0} precision={2} value={cost} onChange={setCost} />
        </Field>
        {failure && <Alert type="error" showIcon role="alert" title={failure.title} description={failure.hint} />}
        <div className={styles.acts}>
          <Button type="primary" disabled={!ready} loading={add.isPending} onClick={() => add.mutate()}>
            {t('form.add')}
          </Button>
          <Button onClick={onClose}>{t('form.cancel')}</Button>
        </div>
      </div>
    </Drawer>
  )
}

function Moment({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <Field label={label}>
      <Input
        type="datetime-local"
        value={toLocalInput(value)}
        onChange={({ target }) => {
          const next = fromLocalInput(target.value)
          if (next !== null) onChange(next)
        }}
      />
    </Field>
  )
}
