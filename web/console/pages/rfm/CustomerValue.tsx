import { useQuery } from '@tanstack/react-query'
import { Popover, Tag } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { exactCount, money } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import styles from './rfm.module.css'
import { scoreOf } from './rfm.ts'
import { words } from './words.ts'

/** On a customer's page: the value tier with its conditions, and R, F and M with their words and facts. */
export function CustomerValue({ id }: { id: number }) {
  const t = useWords(words)
  const language = useLanguage()
  const { data, error, refetch } = useQuery({
    queryKey: ['customers', 'value', id],
    queryFn: () => ask(api.GET('/api/customers/{id}/value', { params: { path: { id } } })),
    // an order may come while the page is open
    refetchInterval: 10_000,
  })
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading rows={2} />
  const { value } = data
  if (value === null) return <p className={styles.quiet}>{t(data.as_of === null ? 'value.notYet' : 'value.none')}</p>
  const { r, f, m, tier } = value
  return (
    <>
      <div className={styles.acts}>
        <span>{t('value.tier')}</span>
        {tier && (
          <>
            <Popover content={language === 'en' ? tier.words.en : tier.words.zh}>
              <Tag color="success">{tier.name}</Tag>
            </Popover>
            <span className={styles.quiet}>{t('value.since', { time: exactTime(tier.since).slice(0, 10) })}</span>
          </>
        )}
      </div>
      <ul className={styles.facts}>
        <li>
          {t('value.r', { score: r, word: t(`word.r.${scoreOf(r)}`) })}
          <span className={styles.quiet}>
            {t('value.recency', { days: exactCount(value.recency_days), day: value.last_day })}
          </span>
        </li>
        <li>
          {t('value.f', { score: f, word: t(`word.f.${scoreOf(f)}`) })}
          <span className={styles.quiet}>{t('value.orders', { orders: exactCount(value.orders) })}</span>
        </li>
        <li>
          {t('value.m', { score: m, word: t(`word.m.${scoreOf(m)}`) })}
          <span className={styles.quiet}>{t('value.net', { net: money(value.net) })}</span>
        </li>
      </ul>
      {data.as_of !== null && <p className={styles.quiet}>{t('value.asOf', { time: exactTime(data.as_of) })}</p>}
    </>
  )
}
