import { exactCount, money, share } from '#shared/format/number.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { useWords } from '#shared/i18n/words.ts'
import { MetricCard, MetricRow } from '../../components/MetricCard.tsx'
import { Panel } from '../../components/PageShape.tsx'
import type { Report, ReportEstimate } from './campaign.ts'
import styles from './campaigns.module.css'
import { Defined } from './channels/Defined.tsx'
import { words } from './report.words.ts'
import { differenceText } from './reportTexts.ts'

/** What the send changed, by what those held out did without it; each with the interval that holds the true one. */
export function LiftPanel({ report, asOf }: { report: Report; asOf: string }) {
  const t = useWords(words)
  const language = useLanguage()
  const { lift, left_out: leftOut } = report
  if (lift === null) {
    const heldOut = leftOut.filter(({ fate }) => fate === 'holdout').reduce((sum, { persons }) => sum + persons, 0)
    return (
      <Panel title={t('lift.title')}>
        <p className={styles.quiet}>
          {heldOut === 0 ? t('lift.none') : t('lift.noneCompared', { count: exactCount(heldOut) })}
        </p>
      </Panel>
    )
  }
  const { definitions } = lift
  const cards = [
    { key: 'itt', unit: 'share', estimate: lift.itt, good: 1, definition: definitions.itt },
    { key: 'delivered', unit: 'share', estimate: lift.delivered, good: 1, definition: definitions.delivered },
    { key: 'gmv_person', unit: 'fen', estimate: lift.gmv_person, good: 1, definition: definitions.gmv_person },
    { key: 'gmv', unit: 'fen', estimate: lift.gmv, good: 1, definition: definitions.gmv },
    { key: 'deletes', unit: 'per_mille', estimate: lift.deletes, good: -1, definition: definitions.deletes },
    {
      key: 'deletes_delivered',
      unit: 'per_mille',
      estimate: lift.deletes_delivered,
      good: -1,
      definition: definitions.deletes_delivered,
    },
  ] as const
  return (
    <Panel title={t('lift.title')}>
      <div className={styles.stack}>
        <MetricRow>
          {cards.map(({ key, unit, estimate, good, definition }) => (
            <MetricCard
              key={key}
              name={t(`lift.${key}`)}
              value={estimate === null ? '–' : differenceText(t, unit, estimate.value)}
              note={
                estimate === null
                  ? t('lift.unknown')
                  : `${t('lift.interval', {
                      ...{ low: differenceText(t, unit, estimate.low), high: differenceText(t, unit, estimate.high) },
                    })} · ${t(estimate.significant ? 'lift.yes' : 'lift.no')}`
              }
              definition={`${definition.id} ${language === 'en' ? definition.words.en : definition.words.zh}`}
              asOf={asOf}
              tone={toneOf(estimate, good)}
            />
          ))}
        </MetricRow>
        <Sides lift={lift} />
      </div>
    </Panel>
  )
}

function toneOf(estimate: ReportEstimate | null, good: 1 | -1): 'plain' | 'good' | 'bad' {
  if (estimate === null || !estimate.significant) return 'plain'
  return estimate.value * good > 0 ? 'good' : 'bad'
}

function Sides({ lift }: { lift: NonNullable<Report['lift']> }) {
  const t = useWords(words)
  const columns = ['persons', 'delivered', 'converted', 'rate', 'deleted', 'gmv'] as const
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <div className={styles.scroll} tabIndex={0}>
      <table className={styles.table}>
        <caption>{t('side.title')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('side.name')}</th>
            {columns.map((column) => (
              <th key={column} scope="col" className={styles.figure}>
                <Defined name={t(`side.${column}`)} definition={lift.definitions.sides[column]} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {(['planned', 'holdout'] as const).map((key) => {
            const side = lift[key]
            return (
              <tr key={key}>
                <th scope="row">{t(`side.${key}`)}</th>
                <td className={styles.figure}>{exactCount(side.persons)}</td>
                <td className={styles.figure}>{exactCount(side.delivered)}</td>
                <td className={styles.figure}>{exactCount(side.converted)}</td>
                <td className={styles.figure}>{side.persons === 0 ? '–' : share(side.converted / side.persons)}</td>
                <td className={styles.figure}>{exactCount(side.deleted)}</td>
                <td className={styles.figure}>{money(side.gmv)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
