import { useQuery } from '@tanstack/react-query'
import { useWords } from '#shared/i18n/words.ts'
import { useNow } from '../../lib/businessClock.ts'
import { words } from './customer.words.ts'
import styles from './customers.module.css'
import { identitiesOf } from './identitiesOf.ts'

const soonMs = 5_000

/** Says that the platform still has something of the customer that we have not read, and for how long by now. */
export function StillReading({ id }: { id: number }) {
  const t = useWords(words)
  const now = useNow(1_000)
  const reading = useQuery(identitiesOf(id)).data?.reading ?? null
  if (reading === null) return null
  const waited = reading.since === null ? 0 : now - Date.parse(reading.since)
  return (
    <p className={styles.wait} role="status">
      {waited <= soonMs ? t('detail.reading') : t('detail.reading.since', { seconds: Math.floor(waited / 1_000) })}{' '}
      {reading.reason !== null && t('detail.reading.reason', { reason: reading.reason })}
    </p>
  )
}
