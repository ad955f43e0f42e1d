import type { ReactNode } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { Icon } from '../parts/icon.tsx'
import { words } from '../words.ts'
import styles from './phone.module.css'

type Props = { title: ReactNode; onBack?: () => void; backCount?: number; right?: ReactNode; plain?: boolean }

export function NavBar({ title, onBack, backCount = 0, right, plain = false }: Props) {
  const t = useWords(words)
  return (
    <header className={plain ? styles.navPlain : styles.nav}>
      <span className={styles.navSide}>
        {onBack && (
          <button
            type="button"
            className={styles.navButton}
            aria-label={
              backCount > 0 ? t('nav.backUnread', { count: backCount > 99 ? '99+' : backCount }) : t('nav.back')
            }
            onClick={onBack}
          >
            <Icon name="back" />
            {backCount > 0 && <span className={styles.navCount}>{backCount > 99 ? '99+' : backCount}</span>}
          </button>
        )}
      </span>
      <h1 className={styles.navTitle}>{title}</h1>
      <span className={styles.navSideRight}>{right}</span>
    </header>
  )
}
