import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { Alert, App, Button, Drawer, Input, InputNumber } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import styles from './rfm.module.css'
import { freshTierId, type RfmMap, rfmKey, type Tier } from './rfm.ts'
import { words } from './words.ts'

const measures = ['r', 'f', 'm', 'net'] as const

/** The tiers from the first to the last; saving computes all buyers anew. */
export function TiersDrawer({ tiers, onClose }: { tiers: RfmMap['tiers']; onClose: () => void }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const [draft, setDraft] = useState<Tier[]>(tiers.map(({ id, name, when }) => ({ id, name, when })))
  const save = useMutation({
    mutationFn: () => ask(api.PUT('/api/rfm/tiers', { body: { tiers: draft } })),
    onSuccess: async () => {
      void message.success(t('tier.saved'))
      await queryClient.invalidateQueries({ queryKey: rfmKey })
      onClose()
    },
  })
  const failure = save.error && explain(save.error)
  const swap = (at: number, by: -1 | 1) => {
    const [one, other] = [draft[at], draft[at + by]]
    if (one && other) setDraft(draft.map((tier, index) => (index === at ? other : index === at + by ? one : tier)))
  }
  return (
    <Drawer open size={640} title={t('tiers.edit')} onClose={onClose}>
      <div className={styles.form}>
        <p className={styles.quiet}>{t('tiers.how')}</p>
        {draft.map((tier, at) => (
          <section key={tier.id} className={styles.tier} aria-label={tier.name}>
            <div className={styles.acts}>
              <Input
                className={styles.tierName ?? ''}
                aria-label={t('tier.name')}
                maxLength={20}
                value={tier.name}
                onChange={(event) =>
                  setDraft(draft.map((one, index) => (index === at ? { ...one, name: event.target.value } : one)))
                }
              />
              <span className={styles.right}>
                <Button
                  type="text"
                  icon={<ArrowUpOutlined />}
                  aria-label={t('tier.up', { name: tier.name })}
                  disabled={at === 0}
                  onClick={() => swap(at, -1)}
                />
                <Button
                  type="text"
                  icon={<ArrowDownOutlined />}
                  aria-label={t('tier.down', { name: tier.name })}
                  disabled={at === draft.length - 1}
                  onClick={() => swap(at, 1)}
                />
                <Button
                  type="text"
                  danger
                  icon={<DeleteOutlined />}
                  aria-label={t('tier.remove', { name: tier.name })}
                  disabled={draft.length === 1}
                  onClick={() => setDraft(draft.filter((_, index) => index !== at))}
                />
              </span>
            </div>
            <TierConditions
              tier={tier}
              onChange={(changed) => setDraft(draft.map((one, index) => (index === at ? changed : one)))}
            />
          </section>
        ))}
        <Button
          className={styles.left ?? ''}
          disabled={draft.length >= 12}
          onClick={() =>
            setDraft([
              { id: freshTierId(draft), name: t('tier.new', { number: draft.length + 1 }), when: { r: { from: 3 } } },
              ...draft,
            ])
          }
        >
          {t('tier.add')}
        </Button>
        {failure && <Alert type="error" showIcon title={failure.title} description={failure.hint} role="alert" />}
        <div className={styles.acts}>
          <Button type="primary" loading={save.isPending} onClick={() => save.mutate()}>
            {t('tier.save')}
          </Button>
          <Button onClick={onClose}>{t('cancel')}</Button>
        </div>
      </div>
    </Drawer>
  )
}

function TierConditions({ tier, onChange }: { tier: Tier; onChange: (tier: Tier) => void }) {
  const t = useWords(words)
  return (
    <div className={styles.conditions}>
      {measures.map((measure) => {
        const span = tier.when[measure] ?? {}
        // the API counts fen
        const unit = measure === 'net' ? 100 : 1
        const bound = (key: 'from' | 'to') => (
          <InputNumber
            className={styles.bound ?? ''}
            aria-label={`${t(`tier.${measure}`)} ${t(`tier.${key}`)}`}
            prefix={<span className={styles.quiet}>{t(`tier.${key}`)}</span>}
            value={span[key] === undefined ? null : span[key] / unit}
            {...(measure === 'net' ? {} : { min: 1, max: 5, precision: 0 })}
            onChange={(value) =>
              onChange(withBound(tier, measure, key, value === null ? null : Math.round(value * unit)))
            }
          />
        )
        return (
          <div key={measure} className={styles.acts}>
            <span className={styles.measure}>{t(`tier.${measure}`)}</span>
            {bound('from')}
            {bound('to')}
          </div>
        )
      })}
    </div>
  )
}

/** A measure without bounds asks for nothing and goes. */
function withBound(tier: Tier, measure: (typeof measures)[number], key: 'from' | 'to', value: number | null): Tier {
  const { [measure]: span = {}, ...rest } = tier.when
  const { [key]: _, ...other } = span
  const next = value === null ? other : { ...other, [key]: value }
  return { ...tier, when: Object.keys(next).length === 0 ? rest : { ...rest, [measure]: next } }
}
