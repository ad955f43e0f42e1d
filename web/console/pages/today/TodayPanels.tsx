import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { exactCount } from '#shared/format/number.ts'
import { clockTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { Chart } from '../../components/Chart.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import styles from './TodayPage.module.css'
import type { Today } from './TodayPage.tsx'
import { wholeHours } from './todayRules.ts'
import { words } from './words.ts'

export function TodayHours({ today }: { today: Today }) {
  const t = useWords(words)
  const rows = useMemo(
    () => wholeHours(today.hours, Number(clockTime(today.as_of).slice(0, 2))),
    [today.hours, today.as_of],
  )
  return (
    <Panel title={t('hours.title')}>
      <Chart
        name={t('hours.title')}
        height={300}
        light
        kind="bar"
        labels={rows.map((row) => t('hours.hour', { hour: row.hour }))}
        series={[
          { name: t('hours.adds'), values: rows.map((row) => row.adds) },
          { name: t('hours.losses'), values: rows.map((row) => row.losses) },
        ]}
      />
    </Panel>
  )
}

/** Bars in plain HTML: a ranking needs no chart library. */
export function TodayChannels({ today }: { today: Today }) {
  const t = useWords(words)
  const mayOpen = useMay('channels.read')
  const most = Math.max(1, ...today.channels.map((channel) => channel.adds))
  return (
    <Panel title={t('channels.title')}>
      {today.channels.length === 0 && <p className={styles.quiet}>{t('channels.none')}</p>}
      <ol className={styles.ranking}>
        {today.channels.map((channel) => (
          <li key={channel.id}>
            <span className={styles.rankName}>
              {mayOpen ? <Link to={`/acquisition/channels/${channel.id}`}>{channel.name}</Link> : channel.name}
            </span>
            <span className={styles.rankTrack} aria-hidden="true">
              <span className={styles.rankBar} style={{ width: `${(channel.adds / most) * 100}%` }} />
            </span>
            <span className="num">{exactCount(channel.adds)}</span>
          </li>
        ))}
      </ol>
    </Panel>
  )
}

const outcomes = ['sent', 'late', 'refused', 'unknown', 'no_code', 'not_set'] as const

export function TodayWelcomes({ today }: { today: Today }) {
  const t = useWords(words)
  const { welcome } = today
  return (
    <Panel title={t('welcome.title')}>
      <dl className={styles.outcomes}>
        {outcomes.map((outcome) => (
          <div key={outcome} data-trouble={outcome !== 'sent' && welcome[outcome] > 0}>
            <dt>{t(`welcome.${outcome}`)}</dt>
            <dd className="num">{exactCount(welcome[outcome])}</dd>
          </div>
        ))}
      </dl>
      {welcome.no_code > 0 && <p className={styles.quiet}>{t('welcome.no_code.what')}</p>}
    </Panel>
  )
}
