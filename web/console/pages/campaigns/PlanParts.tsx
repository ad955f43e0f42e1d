import { exactCount } from '#shared/format/number.ts'
import { Chart } from '../../components/Chart.tsx'
import { FactList } from '../../components/FactList.tsx'
import type { Plan } from './campaign.ts'
import styles from './campaigns.module.css'
import { useKindWords } from './kind.ts'
import { words } from './plan.words.ts'

type Forecast = Plan['forecast']

/** What is to be expected of it, each number with its interval, and when members would confirm. */
export function ForecastView({ forecast }: { forecast: Forecast }) {
  const t = useKindWords(words)
  const written = (estimate: Forecast['deletes']) =>
    estimate === null
      ? t('forecast.unknown')
      : t('forecast.range', {
          ...{ value: exactCount(estimate.value), low: exactCount(estimate.low), high: exactCount(estimate.high) },
        })
  return (
    <section className={styles.stack} aria-label={t('forecast.title')}>
      <h3 className={styles.subheading}>{t('forecast.title')}</h3>
      <FactList
        facts={(['confirmed', 'delivered', 'converted', 'deletes'] as const).map((key) => ({
          ...{ label: t(`forecast.${key}`), value: written(forecast[key]) },
        }))}
      />
      <p className={styles.quiet}>
        {forecast.basis === 'history' ? t('forecast.history', { runs: forecast.runs }) : t('forecast.assumption')}
      </p>
      {forecast.curve.length > 1 && (
        <Chart
          kind="line"
          height={180}
          name={t('forecast.curve')}
          labels={forecast.curve.map((one) => t('forecast.hour', { hours: one.hours }))}
          series={[{ name: t('forecast.curve'), values: forecast.curve.map((one) => one.persons) }]}
        />
      )}
    </section>
  )
}

/** Who would have most to confirm, and how it falls on the stores. */
export function LoadTables({ plan }: { plan: Plan }) {
  const t = useKindWords(words)
  const figures = (values: readonly number[]) => values.map((value) => exactCount(value))
  return (
    <div className={styles.twoPanels}>
      <SmallTable
        title={t('loaded.title')}
        heads={[t('loaded.member'), t('loaded.persons'), t('loaded.tasks'), t('loaded.open')]}
        rows={plan.loaded.slice(0, 8).map((one) => ({
          ...{ key: one.sender, name: one.name ?? one.sender, figures: figures([one.persons, one.tasks, one.open]) },
        }))}
      />
      <SmallTable
        title={t('stores.title')}
        heads={[t('stores.name'), t('loaded.persons'), t('loaded.member')]}
        rows={plan.stores.slice(0, 8).map((one) => ({
          key: one.id ?? '',
          name: one.name ?? t('stores.none'),
          figures: figures([one.persons, one.senders]),
        }))}
      />
    </div>
  )
}

function SmallTable({
  title,
  heads: [head, ...columns],
  rows,
}: {
  title: string
  heads: readonly string[]
  rows: readonly { key: string; name: string; figures: readonly string[] }[]
}) {
  if (rows.length === 0) return null
  return (
    <table className={styles.table}>
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">{head}</th>
          {columns.map((column) => (
            <th key={column} scope="col" className={styles.figure}>
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            <th scope="row">{row.name}</th>
            {row.figures.map((figure, at) => (
              <td key={columns[at]} className={styles.figure}>
                {figure}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
