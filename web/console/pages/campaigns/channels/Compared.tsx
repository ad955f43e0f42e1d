import { Alert, Tag } from 'antd'
import type { components } from '#shared/api/schema.gen.ts'
import { exactCount, share } from '#shared/format/number.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { useWords } from '#shared/i18n/words.ts'
import { words as reportWords } from '../report.words.ts'
import { differenceText } from '../reportTexts.ts'
import type { SideBySide } from './ChannelsTable.tsx'
import styles from './channels.module.css'
import { Defined } from './Defined.tsx'
import { words } from './words.ts'

type One = SideBySide['comparisons'][number]
type Measure = One['measures'][number]
type Estimate = components['schemas']['ReportEstimate']

/** One channel against what members sent: what it looks like, what people who were alike say, and what the lot proves. */
export function Compared({ one, definitions }: { one: One; definitions: SideBySide['definitions'] }) {
  const t = useWords(words)
  const language = useLanguage()
  const said = (text: { zh: string; en: string }) => (language === 'en' ? text.en : text.zh)
  const columns = [
    ...([['raw', definitions.raw, 'raw.none']] as const),
    ...(one.matched === null ? [] : ([['matched', definitions.matched, 'matched.none']] as const)),
    ...([['lift', definitions.lift, 'lift.none']] as const),
    ...(one.random ? ([['lift_other', definitions.lift, 'lift.none']] as const) : []),
  ]
  return (
    <section className={styles.compared}>
      <h3 className={styles.head}>
        {t('compared', { name: said(one.name) })}
        <Tag color={one.random ? 'success' : 'warning'}>{t(one.random ? 'random' : 'notRandom')}</Tag>
      </h3>
      {one.warning !== null && <Alert type="warning" showIcon title={said(one.warning)} />}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div className={styles.scroll} tabIndex={0}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('col.measure')}</th>
              {columns.map(([key, definition]) => (
                <th key={key} scope="col">
                  <Defined name={t(`row.${key}`)} definition={definition} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {one.measures.map((measure) => (
              <tr key={measure.measure}>
                <th scope="row">{t(`measure.${measure.measure}`)}</th>
                {columns.map(([key, , none]) => (
                  <td key={key}>
                    <Told estimate={measure[key]} unit={measure.unit} none={t(none)} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {one.matched !== null && <Balance matched={one.matched} both={one.both} said={said} />}
    </section>
  )
}

function Told({ estimate, unit, none }: { estimate: Estimate | null; unit: Measure['unit']; none: string }) {
  const t = useWords(words)
  const tReport = useWords(reportWords)
  if (estimate === null) return <span className={styles.sub}>{none}</span>
  const text = (value: number) => differenceText(tReport, unit, value)
  return (
    <>
      {text(estimate.value)}
      <span className={styles.sub}>{t('interval', { low: text(estimate.low), high: text(estimate.high) })}</span>
      <span className={styles.sub}>{tReport(estimate.significant ? 'lift.yes' : 'lift.no')}</span>
    </>
  )
}

function Balance({
  matched,
  both,
  said,
}: {
  matched: NonNullable<One['matched']>
  both: number
  said: (text: { zh: string; en: string }) => string
}) {
  const t = useWords(words)
  return (
    <>
      <p className={styles.sub}>
        {t('matched.counts', {
          ...{ strata: matched.strata, a: exactCount(matched.persons_a), b: exactCount(matched.persons_b) },
          ...{ outA: exactCount(matched.left_out_a), outB: exactCount(matched.left_out_b), both: exactCount(both) },
        })}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <div className={styles.scroll} tabIndex={0}>
        <table className={styles.table}>
          <caption>{t('balance.title')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('balance.trait')}</th>
              <th scope="col">{t('balance.before')}</th>
              <th scope="col">{t('balance.after')}</th>
            </tr>
          </thead>
          <tbody>
            {matched.traits.map((trait) => (
              <tr key={trait.key}>
                <th scope="row">{said(trait.name)}</th>
                <td>{share(trait.before)}</td>
                <td>{share(trait.after)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}
