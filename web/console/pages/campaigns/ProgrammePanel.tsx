import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { exactCount, share } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { useSaid } from '#shared/i18n/said.ts'
import { useWords } from '#shared/i18n/words.ts'
import { MetricCard, MetricRow } from '../../components/MetricCard.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { campaignsKey, reachSettingsKey } from './campaign.ts'
import styles from './campaigns.module.css'
import { Defined } from './channels/Defined.tsx'
import { words } from './pages.words.ts'
import { words as reportWords } from './report.words.ts'
import { differenceText } from './reportTexts.ts'

type Whole = components['schemas']['ProgrammeLift']

/** Who stands beside all experiments, held out of every one of them, and what all marketing of the quarter changed by them. */
export function ProgrammePanel() {
  const t = useWords(words)
  const settings = useQuery({ queryKey: reachSettingsKey, queryFn: () => ask(api.GET('/api/reach/settings')) })
  const whole = useQuery({
    queryKey: [...campaignsKey, 'programme'],
    queryFn: () => ask(api.GET('/api/experiments/programme')),
  })
  if (settings.data === undefined) return null
  const permille = settings.data.global_holdout_permille
  return (
    <Panel title={t('exp.global.title')} aside={<Link to="/engagement/settings">{t('exp.global.where')}</Link>}>
      <div className={styles.stack}>
        <p className={styles.quiet}>
          {permille === 0 ? t('exp.global.none') : t('exp.global', { share: share(permille / 1_000) })}
        </p>
        {whole.data && <Changed whole={whole.data} />}
      </div>
    </Panel>
  )
}

function Changed({ whole: { quarter, programme, definitions } }: { whole: Whole }) {
  const t = useWords(words)
  const tReport = useWords(reportWords)
  const said = useSaid()
  if (programme === null) return <p className={styles.quiet}>{t('exp.whole.none')}</p>
  const { held, others, touched, began_at, as_of } = programme
  const cards = [
    { key: 'conversion', unit: 'share', good: 1 },
    { key: 'gmv_person', unit: 'fen', good: 1 },
    { key: 'gmv', unit: 'fen', good: 1 },
    { key: 'deletes', unit: 'per_mille', good: -1 },
  ] as const
  const of = ({ converted, persons }: typeof held) => share(persons === 0 ? 0 : converted / persons)
  return (
    <>
      <h3 className={styles.subheading}>{t('exp.whole.title', { quarter })}</h3>
      <MetricRow>
        {cards.map(({ key, unit, good }) => {
          const estimate = programme[key]
          const written = (value: number) => differenceText(tReport, unit, value)
          const definition = definitions[key]
          return (
            <MetricCard
              key={key}
              name={said(definition.name)}
              value={estimate === null ? '–' : written(estimate.value)}
              note={
                estimate === null
                  ? tReport('lift.unknown')
                  : `${tReport('lift.interval', { low: written(estimate.low), high: written(estimate.high) })} · ${tReport(estimate.significant ? 'lift.yes' : 'lift.no')}`
              }
              definition={`${definition.id} ${said(definition.words)}`}
              asOf={as_of}
              tone={!estimate?.significant ? 'plain' : estimate.value * good > 0 ? 'good' : 'bad'}
            />
          )
        })}
      </MetricRow>
      <p className={styles.quiet}>
        <Defined name={said(definitions.persons.name)} definition={definitions.persons} />{' '}
        {t('exp.whole.sides', {
          ...{ held: exactCount(held.persons), heldShare: of(held) },
          ...{ others: exactCount(others.persons), othersShare: of(others), since: exactTime(began_at) },
        })}
        {' · '}
        <Defined name={said(definitions.touched.name)} definition={definitions.touched} /> {exactCount(touched)}
        {' · '}
        {tReport('asOf', { time: exactTime(as_of) })}
      </p>
    </>
  )
}
