import type { ReactNode } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { clockTime } from '../rules/chat-time.ts'
import { words } from '../words.ts'
import { useNow } from './clock.ts'
import styles from './device.module.css'

/** The phone's body with its status bar; on a real phone the body is the reader's own. */
export function Device({ full, children }: { full: boolean; children: ReactNode }) {
  const t = useWords(words)
  if (full)
    return (
      <section className={styles.full} aria-label={t('app.phone')}>
        {children}
      </section>
    )
  return (
    <section className={styles.device} aria-label={t('app.phone')}>
      <div className={styles.glass}>
        <StatusBar />
        <div className={styles.content}>{children}</div>
        <span className={styles.homeBar} aria-hidden="true" />
      </div>
    </section>
  )
}

function StatusBar() {
  const now = useNow(60_000)
  return (
    <div className={styles.status} aria-hidden="true">
      <span className={styles.statusTime}>{clockTime(now)}</span>
      <span className={styles.island} />
      <span className={styles.signals}>
        <svg width="18" height="12" viewBox="0 0 18 12" fill="currentColor" aria-hidden="true">
          <rect x="0" y="8" width="3" height="4" rx="1" />
          <rect x="5" y="5.500" width="3" height="6.500" rx="1" />
          <rect x="10" y="3" width="3" height="9" rx="1" />
          <rect x="15" y="0" width="3" height="12" rx="1" />
        </svg>
        <svg
          width="17"
          height="12"
          viewBox="0 0 17 12"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          aria-hidden="true"
        >
          <path
            d="M1 4.500a11 11 0 0 1 15 0M3.800 7.300a7 7 0 0 1 9.400 0M6.600 10a3 3 0 0 1 3.800 0"
            strokeLinecap="round"
          />
        </svg>
        <svg width="27" height="13" viewBox="0 0 27 13" fill="none" stroke="currentColor" aria-hidden="true">
          <rect x=".5" y=".5" width="22" height="12" rx="3.500" opacity=".45" />
          <rect x="2" y="2" width="17" height="9" rx="2" fill="currentColor" stroke="none" />
          <path d="M24.500 4.500v4" strokeWidth="2" strokeLinecap="round" opacity=".45" />
        </svg>
      </span>
    </div>
  )
}
