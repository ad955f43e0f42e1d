import { ArrowDownOutlined, ArrowUpOutlined, InfoCircleOutlined } from '@ant-design/icons'
import { Button, Popover } from 'antd'
import type { ReactNode } from 'react'
import { clockTime, exactTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import styles from './MetricCard.module.css'
import { Sparkline } from './Sparkline.tsx'
import { words } from './words.ts'

export interface MetricCardProps {
  name: string
  /** The figure as written; use the formatters of `#shared/format`. */
  value: ReactNode
  unit?: string
  /** Against what, by how much (already written), and whether more is better. */
  change?: { period: string; by: string; direction: 'up' | 'down' | 'same'; good?: 'up' | 'down' }
  trend?: readonly number[]
  /** Stands where the change would: what the figure is. */
  note?: string
  /** The exact definition (口径). */
  definition: ReactNode
  asOf: string | number
  tone?: 'plain' | 'good' | 'warning' | 'bad'
}

/** One figure with its change, trend, definition and as-of time. */
export function MetricCard({
  name,
  value,
  unit,
  change,
  trend,
  note,
  definition,
  asOf,
  tone = 'plain',
}: MetricCardProps) {
  const t = useWords(words)
  return (
    <article className={styles.card} data-tone={tone}>
      <div className={styles.head}>
        <h3 className={styles.name}>{name}</h3>
        <Popover
          trigger="click"
          title={name}
          content={
            <div className={styles.definition}>
              <p>{definition}</p>
              <p className={styles.quiet}>{t('metric.asOf', { time: exactTime(asOf) })}</p>
            </div>
          }
        >
          <Button
            type="text"
            size="small"
            icon={<InfoCircleOutlined />}
            aria-label={t('metric.definition', { name })}
          />
        </Popover>
      </div>
      <p className={styles.value}>
        {value}
        {unit !== undefined && <span className={styles.unit}>{unit}</span>}
      </p>
      <div className={styles.foot}>
        {change ? <Change {...change} /> : <span>{note ?? t('metric.asOf', { time: clockTime(asOf) })}</span>}
        {trend && trend.length > 1 && <Sparkline values={trend} />}
      </div>
    </article>
  )
}

function Change({ period, by, direction, good }: NonNullable<MetricCardProps['change']>) {
  const t = useWords(words)
  const welcome = good === undefined || direction === 'same' ? undefined : good === direction
  return (
    <span className={styles.change} data-welcome={welcome}>
      {direction === 'up' && <ArrowUpOutlined aria-hidden="true" />}
      {direction === 'down' && <ArrowDownOutlined aria-hidden="true" />}
      {t(`metric.change.${direction}`, { period, change: by })}
    </span>
  )
}

/** Cards side by side, as many as fit. */
/** Cards side by side; `five` where there are five, so that none stands alone in a second line. */
export function MetricRow({ children, five = false }: { children: ReactNode; five?: boolean }) {
  return <div className={five ? `${styles.row} ${styles.five}` : styles.row}>{children}</div>
}
