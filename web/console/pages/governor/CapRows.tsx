import { DeleteOutlined } from '@ant-design/icons'
import { Button, InputNumber, Select } from 'antd'
import { useWords } from '#shared/i18n/words.ts'
import styles from './governor.module.css'
import { type Cap, type Channel, channels, periods } from './governor.ts'
import { words } from './words.ts'

/** The caps of a policy, one a line. */
export function CapRows({ caps, onChange }: { caps: Cap[]; onChange: (caps: Cap[]) => void }) {
  const t = useWords(words)
  const change = (at: number, changed: Partial<Cap>) =>
    onChange(caps.map((cap, place) => (place === at ? { ...cap, ...changed } : cap)))
  const free = periods.find((per) => !caps.some((cap) => cap.channel === 'customer_send' && cap.per === per))
  return (
    <fieldset className={styles.caps}>
      <legend>{t('field.caps')}</legend>
      <p className={styles.quiet}>{t('field.caps.hint')}</p>
      {caps.map(({ channel, per, most, kept }, at) => (
        <div key={`${channel} ${per}`} className={styles.cap}>
          <Select<Channel | 'all'>
            className={styles.channel ?? ''}
            aria-label={t('cap.channel', { n: at + 1 })}
            value={channel ?? 'all'}
            options={(['all', ...channels] as const).map((value) => ({ value, label: t(`channel.${value}`) }))}
            onChange={(chosen) => change(at, { channel: chosen === 'all' ? null : chosen })}
          />
          <Select<Cap['per']>
            className={styles.period ?? ''}
            aria-label={t('cap.per', { n: at + 1 })}
            value={per}
            options={periods.map((value) => ({ value, label: t(`period.${value}`) }))}
            onChange={(chosen) => change(at, { per: chosen })}
          />
          <InputNumber
            className={styles.number ?? ''}
            aria-label={t('cap.most', { n: at + 1 })}
            prefix={<span className={styles.quiet}>{t('cap.most.short')}</span>}
            min={0}
            max={60}
            precision={0}
            value={most}
            onChange={(next) => next !== null && change(at, { most: next, kept: Math.min(kept, next) })}
          />
          <InputNumber
            className={styles.number ?? ''}
            aria-label={t('cap.kept.label', { n: at + 1 })}
            prefix={<span className={styles.quiet}>{t('cap.kept.short')}</span>}
            min={0}
            max={most}
            precision={0}
            value={kept}
            onChange={(next) => next !== null && change(at, { kept: next })}
          />
          <Button
            type="text"
            icon={<DeleteOutlined />}
            aria-label={t('cap.remove', { n: at + 1 })}
            onClick={() => onChange(caps.filter((_, place) => place !== at))}
          />
        </div>
      ))}
      {free && (
        <Button
          type="dashed"
          onClick={() => onChange([...caps, { channel: 'customer_send', per: free, most: 1, kept: 0 }])}
        >
          {t('cap.add')}
        </Button>
      )}
    </fieldset>
  )
}
