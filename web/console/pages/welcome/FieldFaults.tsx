import { useWords } from '#shared/i18n/words.ts'
import styles from './welcome.module.css'
import type { Fault } from './welcome.ts'
import { type Words, words } from './words.ts'

/** What the checks say of one field, in words. */
export function FieldFaults({ faults, path }: { faults: readonly Fault[]; path: string }) {
  const t = useWords(words)
  return faults
    .filter((fault) => fault.field === path)
    .map((fault) => (
      <span key={fault.problem} className={styles.fault} role="alert">
        {t(`fault.${fault.problem}` as Words, { used: fault.used ?? 0, limit: fault.limit ?? 0 })}
      </span>
    ))
}
