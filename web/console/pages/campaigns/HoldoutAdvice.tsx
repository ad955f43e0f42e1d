import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, ask } from '#shared/api/client.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../lib/explain.ts'
import { useSettled } from '../channels/useSettled.ts'
import styles from './campaigns.module.css'
import { words } from './wizard.words.ts'

/** Whether so many persons show such a difference, and what would help. */
export function HoldoutAdvice(asked: { persons: number; permille: number; baseline: number; effect: number }) {
  const t = useWords(words)
  const language = useLanguage()
  const { persons, permille, baseline, effect }: typeof asked = JSON.parse(useSettled(JSON.stringify(asked)))
  const { data, error } = useQuery({
    queryKey: ['experiments', 'advice', persons, permille, baseline, effect],
    queryFn: () =>
      ask(
        api.GET('/api/experiments/advice', {
          params: { query: { persons, holdout_permille: permille, baseline, effect } },
        }),
      ),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (error) return <p className={styles.warn}>{explain(error).title}</p>
  if (!data) return null
  return (
    <p className={data.persons_needed <= persons ? styles.quiet : styles.warn} role="status">
      {language === 'en' ? data.words.en : data.words.zh}{' '}
      {data.smallest_effect !== null && t('holdout.least', { least: (data.smallest_effect * 100).toFixed(2) })}
    </p>
  )
}
