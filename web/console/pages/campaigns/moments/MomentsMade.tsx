import { Progress, Tag } from 'antd'
import { exactCount } from '#shared/format/number.ts'
import { useSaid } from '#shared/i18n/said.ts'
import { useWords } from '#shared/i18n/words.ts'
import { Panel } from '../../../components/PageShape.tsx'
import type { CampaignDetail, MomentMade } from '../campaign.ts'
import styles from '../campaigns.module.css'
import { words } from './words.ts'

const colours = {
  ...{ planned: 'default', marking: 'processing', ready: 'processing', asking: 'processing', made: 'processing' },
  ...{ asked: 'success', cancelled: 'default', failed: 'error', unknown: 'warning' },
} as const

/** What the platform makes of a run: one Moment a variant, and one more for whom see it first. */
export function MomentsMade({ campaign, moments }: { campaign: CampaignDetail; moments: readonly MomentMade[] }) {
  const t = useWords(words)
  const said = useSaid()
  if (moments.length === 0) return null
  return (
    <Panel title={t('made.title')}>
      <div className={styles.stack}>
        <Marking moments={moments} />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
        <div className={styles.scroll} tabIndex={0}>
          <table className={styles.table}>
            <thead>
              <tr>
                {(['made.which', 'made.state', 'made.by'] as const).map((key) => (
                  <th key={key} scope="col">
                    {t(key)}
                  </th>
                ))}
                {(['made.published', 'made.seen', 'likes', 'comments'] as const).map((key) => (
                  <th key={key} scope="col" className={styles.figure}>
                    {t(key)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {moments.map((one, at) => (
                <tr key={one.number}>
                  <th scope="row">
                    {t('made.n', { n: at + 1 })}
                    {moments.length > 1 && ` · ${campaign.spec.variants[one.variant]?.name ?? one.variant + 1}`}
                    {one.canary && ` · ${t('made.canary')}`}
                  </th>
                  <td>
                    <Tag color={colours[one.state]}>{t(`moment.${one.state}`)}</Tag>
                    {one.refusal !== null && <span className={styles.bad}>{said(one.refusal)}</span>}
                  </td>
                  <td>{t(one.own_tag ? 'made.own' : 'made.tags')}</td>
                  <td className={styles.figure}>{of(one.published, one.members)}</td>
                  <td className={styles.figure}>
                    {one.own_tag ? of(one.seen, one.recipients) : exactCount(one.seen)}
                    {one.beside > 0 && ` (+${exactCount(one.beside)})`}
                  </td>
                  <td className={styles.figure}>{exactCount(one.likes)}</td>
                  <td className={styles.figure}>{exactCount(one.comments)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {moments.some((one) => one.beside > 0) && <p className={styles.quiet}>{t('made.beside')}</p>}
        <p className={styles.quiet}>{t('applause.how')}</p>
      </div>
    </Panel>
  )
}

const of = (part: number, all: number) => `${exactCount(part)} / ${exactCount(all)}`

/** How far the tags are on; nobody is asked to publish a Moment before all of its people carry them. */
function Marking({ moments }: { moments: readonly MomentMade[] }) {
  const t = useWords(words)
  const { done, all, failed } = markingOf(moments)
  if (all === 0) return null
  const going = moments.some(({ state }) => state === 'planned' || state === 'marking')
  const canaryFirst =
    moments.some(({ canary }) => canary) && moments.every((one) => one.canary || one.state === 'planned')
  return (
    <div>
      <Progress
        percent={Math.round(((done + failed) / all) * 1_000) / 10}
        status={going ? 'active' : 'normal'}
        aria-label={t('marking.title')}
      />
      <p className={styles.quiet} role="status">
        {t('marking.done', { done: exactCount(done), all: exactCount(all) })}
        {failed > 0 && ` · ${t('marking.failed', { count: failed })}`}
        {canaryFirst && ` · ${t('marking.canary')}`}
      </p>
    </div>
  )
}

function markingOf(moments: readonly MomentMade[]) {
  const sum = (what: 'marked' | 'to_mark' | 'unmarkable') => moments.reduce((total, one) => total + one[what], 0)
  return { done: sum('marked'), all: sum('to_mark'), failed: sum('unmarkable') }
}
