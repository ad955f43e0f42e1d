import { Link } from '@tanstack/react-router'
import { useWords } from '#shared/i18n/words.ts'
import styles from './BrandMark.module.css'
import { words } from './words.ts'

/** Our mark: a hearth in a house, jade with one amber ember. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#0E7C66" />
      <path
        d="M16 25c-5.6-3.3-8.6-6.7-8.6-10.4A4.9 4.9 0 0 1 16 11.2a4.9 4.9 0 0 1 8.6 3.4c0 3.7-3 7.1-8.6 10.4Z"
        fill="#fff"
      />
      <circle cx="16" cy="16.2" r="2.6" fill="#E8A13A" />
    </svg>
  )
}

export function BrandMark({ folded }: { folded: boolean }) {
  const t = useWords(words)
  return (
    <Link to="/" className={folded ? styles.folded : styles.mark} aria-label={t('brand')}>
      <Mark />
      {!folded && <span className={styles.name}>{t('brand')}</span>}
    </Link>
  )
}
