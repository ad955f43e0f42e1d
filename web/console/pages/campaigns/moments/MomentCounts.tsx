import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Tag } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import { Panel } from '../../../components/PageShape.tsx'
import { useSettled } from '../../channels/useSettled.ts'
import { CountsPanel } from '../CountsPanel.tsx'
import { type DraftSpec, reachSettingsKey } from '../campaign.ts'
import styles from '../campaigns.module.css'
import { useWhomCount } from '../useWhomCount.ts'
import { minutesText } from './minutesText.ts'
import { isByTags } from './moment.rules.ts'
import { words } from './words.ts'

/** Beside the editor: how many see it at most, what marking them costs, and how many Moments a customer may see. */
export function MomentCounts({ spec }: { spec: DraftSpec }) {
  const tagged = isByTags(spec)
  return (
    <>
      {!tagged && <CountsPanel spec={spec} />}
      {!tagged && <Cost spec={spec} />}
      <Quota tagged={tagged} />
    </>
  )
}

/** A mark a person: what the platform's limits and our share of them let through. */
function Cost({ spec }: { spec: DraftSpec }) {
  const t = useWords(words)
  const { left } = useWhomCount(spec)
  const marks = useSettled(Math.round(((left?.count ?? 0) * (1_000 - spec.holdout_permille)) / 1_000))
  const { data } = useQuery({
    queryKey: ['reach', 'marking', marks],
    queryFn: () => ask(api.GET('/api/reach/marking', { params: { query: { marks } } })),
    enabled: left !== undefined,
    placeholderData: (before) => before,
  })
  if (left === undefined || data === undefined) return null
  return (
    <Panel title={t('cost.title')}>
      <div role="status">
        <dl className={styles.counts}>
          <Line label={t('cost.marks')}>{t('cost.persons', { count: exactCount(data.marks) })}</Line>
          <Line label={t('cost.pace')}>{t('cost.persons', { count: exactCount(data.per_minute) })}</Line>
          <Line label={t('cost.time')} total>
            {minutesText(t, data.minutes)}
          </Line>
        </dl>
      </div>
      <p className={styles.quiet}>
        {t('cost.why')} {t('cost.exact')}
      </p>
    </Panel>
  )
}

/** Ours: how many of the corp's Moments the platform shows a customer is in no page. */
function Quota({ tagged }: { tagged: boolean }) {
  const t = useWords(words)
  const { data } = useQuery({ queryKey: reachSettingsKey, queryFn: () => ask(api.GET('/api/reach/settings')) })
  if (data === undefined) return null
  return (
    <Panel title={t('quota.title')}>
      <p>
        {t('quota.most', { most: data.moments_a_month })} <Tag color="warning">{t('quota.unverified')}</Tag>
      </p>
      <p className={styles.quiet}>{t(tagged ? 'quota.tags' : 'quota.how')}</p>
      <Link to="/engagement/settings">{t('quota.set')}</Link>
    </Panel>
  )
}

function Line({ label, total, children }: { label: string; total?: boolean; children: string }) {
  return (
    <div className={total ? styles.total : undefined}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}
