import { Checkbox, Input, InputNumber } from 'antd'
import { useWords } from '#shared/i18n/words.ts'
import { Field, FieldGroup } from '../../channels/Field.tsx'
import type { DraftSpec } from '../campaign.ts'
import styles from '../campaigns.module.css'
import { words } from './words.ts'

type Put = (part: Partial<DraftSpec>) => void
type Coupon = NonNullable<DraftSpec['coupon']>
type Elsewhere = NonNullable<DraftSpec['elsewhere']>

const newCoupon: Coupon = { issued: null, claimed: 'coupon.claimed', redeemed: 'coupon.redeemed', batch: null }

/** By which events the coupon of a send to groups is followed: nobody can be drawn out of a group for another channel. */
export function GroupCouponFields({ spec, put }: { spec: DraftSpec; put: Put }) {
  const t = useWords(words)
  return (
    <FieldGroup label={t('coupon')} hint={t('wizard.hint')}>
      <div className={styles.stack}>
        <Followed spec={spec} put={put} />
      </div>
    </FieldGroup>
  )
}

/** By which events a coupon is followed, and which part of the audience another channel is to reach. */
export function CouponFields({ spec, put }: { spec: DraftSpec; put: Put }) {
  const t = useWords(words)
  const { elsewhere } = spec
  return (
    <FieldGroup label={t('wizard.title')} hint={t('wizard.hint')}>
      <div className={styles.stack}>
        <Followed spec={spec} put={put} />
        <Checkbox
          checked={elsewhere !== undefined}
          onChange={({ target }) =>
            put({
              elsewhere: target.checked ? { name: '短信', permille: 300, event: 'sms.sent', cost: null } : undefined,
            })
          }
        >
          {t('elsewhere.on')}
        </Checkbox>
        {elsewhere !== undefined && <Drawn elsewhere={elsewhere} onChange={(next) => put({ elsewhere: next })} />}
      </div>
    </FieldGroup>
  )
}

function Followed({ spec: { coupon }, put }: { spec: DraftSpec; put: Put }) {
  const t = useWords(words)
  return (
    <>
      <Checkbox
        checked={coupon !== undefined}
        onChange={({ target }) => put({ coupon: target.checked ? newCoupon : undefined })}
      >
        {t('coupon.on')}
      </Checkbox>
      {coupon !== undefined && <CouponEvents coupon={coupon} onChange={(next) => put({ coupon: next })} />}
    </>
  )
}

const orNull = (text: string) => (text.trim() === '' ? null : text.trim())

function CouponEvents({ coupon, onChange }: { coupon: Coupon; onChange: (next: Coupon) => void }) {
  const t = useWords(words)
  const batch = coupon.batch ?? { property: '', value: '' }
  const put = (next: { property: string; value: string }) =>
    onChange({ ...coupon, batch: next.property === '' && next.value === '' ? null : next })
  return (
    <div className={styles.pair}>
      {(['redeemed', 'claimed', 'issued'] as const).map((key) => (
        <Field key={key} label={t(`coupon.${key}`)} {...(key === 'issued' ? { hint: t('coupon.issued.hint') } : {})}>
          <Input
            value={coupon[key] ?? ''}
            maxLength={64}
            onChange={({ target }) =>
              onChange({ ...coupon, [key]: key === 'redeemed' ? target.value : orNull(target.value) })
            }
          />
        </Field>
      ))}
      {(['property', 'value'] as const).map((key) => (
        <Field key={key} label={t(`coupon.${key}`)}>
          <Input value={batch[key]} maxLength={60} onChange={({ target }) => put({ ...batch, [key]: target.value })} />
        </Field>
      ))}
    </div>
  )
}

function Drawn({ elsewhere, onChange }: { elsewhere: Elsewhere; onChange: (next: Elsewhere) => void }) {
  const t = useWords(words)
  return (
    <>
      <p className={styles.quiet}>{t('elsewhere.note')}</p>
      <div className={styles.pair}>
        <Field label={t('elsewhere.name')}>
          <Input
            value={elsewhere.name}
            maxLength={30}
            onChange={({ target }) => onChange({ ...elsewhere, name: target.value })}
          />
        </Field>
        <Field label={t('elsewhere.share')}>
          <InputNumber
            className={styles.wide ?? ''}
            min={0.1}
            max={90}
            step={5}
            value={elsewhere.permille / 10}
            onChange={(next) => next !== null && onChange({ ...elsewhere, permille: Math.round(next * 10) })}
          />
        </Field>
        <Field label={t('elsewhere.event')} hint={t('elsewhere.event.hint')}>
          <Input
            value={elsewhere.event ?? ''}
            maxLength={64}
            onChange={({ target }) => onChange({ ...elsewhere, event: orNull(target.value) })}
          />
        </Field>
        <Field label={t('elsewhere.cost')}>
          <InputNumber
            className={styles.wide ?? ''}
            min={0}
            precision={2}
            value={elsewhere.cost === null ? null : elsewhere.cost / 100}
            onChange={(next) => onChange({ ...elsewhere, cost: next === null ? null : Math.round(next * 100) })}
          />
        </Field>
      </div>
    </>
  )
}
