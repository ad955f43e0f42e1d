import type { ReactNode } from 'react'
import { exactCount } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import styles from './LimitMeter.module.css'
import { words } from './words.ts'

export interface LimitMeterProps {
  name: ReactNode
  used: number
  limit: number
  /** When it fills at the present pace, already written: «3 天后». */
  fillsAt?: string | undefined
  /** Whose rule it is, with its date. */
  source?: ReactNode
  /** Shares at which it turns amber and red; capacity alarms stand at 80 % and 95 %. */
  warnAt?: number
  badAt?: number
}

/** How much of a limit is used, what is left and when it fills. */
export function LimitMeter({ name, used, limit, fillsAt, source, warnAt = 0.8, badAt = 0.95 }: LimitMeterProps) {
  const t = useWords(words)
  const share = limit <= 0 ? 1 : Math.min(1, used / limit)
  const level = share >= badAt ? 'bad' : share >= warnAt ? 'warning' : 'good'
  const left = Math.max(0, limit - used)
  return (
    <div className={styles.meter}>
      <div className={styles.head}>
        <span>{name}</span>
        <span className="num">{t('limit.used', { used: exactCount(used), limit: exactCount(limit) })}</span>
      </div>
      <meter className={styles.native} min={0} max={limit} value={Math.min(used, limit)}>
        {t('limit.used', { used: exactCount(used), limit: exactCount(limit) })}
      </meter>
      <div className={styles.track} aria-hidden="true">
        <div className={styles.fill} data-level={level} style={{ width: `${share * 100}%` }} />
      </div>
      <div className={styles.foot}>
        <span className="num">{left === 0 ? t('limit.full') : t('limit.left', { left: exactCount(left) })}</span>
        {fillsAt !== undefined && left > 0 && <span>{t('limit.fills', { when: fillsAt })}</span>}
        {source !== undefined && <span className={styles.source}>{source}</span>}
      </div>
    </div>
  )
}
