import type { ReactNode } from 'react'
import { changeLanguage, currentLanguage } from '#shared/i18n/i18n.ts'
import { useWords } from '#shared/i18n/words.ts'
import { changeClock } from '../api/control.ts'
import type { ClockChange } from '../api/types.ts'
import { Icon } from '../parts/icon.tsx'
import { fullTime } from '../rules/chat-time.ts'
import { words } from '../words.ts'
import { setClock, useClockState, useNow } from './clock.ts'
import styles from './top-bar.module.css'

const HOUR_MS = 3_600_000
const RATES = [1, 60] as const

/** The strip that says «this is not the real platform», with its clock. */
export function TopBar({ onClose, extra }: { onClose?: () => void; extra?: ReactNode }) {
  const t = useWords(words)
  const other = currentLanguage() === 'zh-CN' ? 'en' : 'zh-CN'
  return (
    <header className={onClose ? `${styles.top} ${styles.compact}` : styles.top}>
      <div className={styles.brand}>
        <b>{t('app.name')}</b>
        <span className={styles.brandMark}>{t('app.sandbox')}</span>
      </div>
      <Clock />
      {extra}
      <div className={styles.topRight}>
        <button type="button" className={styles.topButton} lang={other} onClick={() => void changeLanguage(other)}>
          {other === 'en' ? 'English' : '中文'}
        </button>
        {onClose && (
          <button type="button" className={styles.topButton} aria-label={t('close')} onClick={onClose}>
            <Icon name="close" size={18} />
          </button>
        )}
      </div>
    </header>
  )
}

function Clock() {
  const t = useWords(words)
  const now = useNow()
  const clock = useClockState()
  const change = (request: ClockChange) => void changeClock(request).then(setClock)
  return (
    <fieldset className={styles.clock}>
      <legend className="visually-hidden">{t('clock.label')}</legend>
      <time className={styles.clockTime} title={t('clock.title')}>
        {fullTime(now)}
      </time>
      <button
        type="button"
        className={styles.topButton}
        aria-pressed={clock.paused}
        onClick={() => change({ paused: !clock.paused })}
      >
        <Icon name={clock.paused ? 'play' : 'pause'} size={15} />
        {t(clock.paused ? 'clock.go' : 'clock.pause')}
      </button>
      {RATES.map((rate) => (
        <button
          key={rate}
          type="button"
          className={styles.topButton}
          aria-pressed={!clock.paused && clock.rate === rate}
          aria-label={t('clock.rate', { rate })}
          onClick={() => change({ rate, paused: false })}
        >
          ×{rate}
        </button>
      ))}
      <button type="button" className={styles.topButton} onClick={() => change({ advanceMs: HOUR_MS })}>
        {t('clock.hour')}
      </button>
      <button type="button" className={styles.topButton} onClick={() => change({ advanceMs: 24 * HOUR_MS })}>
        {t('clock.day')}
      </button>
    </fieldset>
  )
}
