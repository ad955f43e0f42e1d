import { exactCount, shortCount } from '#shared/format/number.ts'
import { Panel } from '../../components/PageShape.tsx'
import { explain } from '../../lib/explain.ts'
import type { DraftSpec } from './campaign.ts'
import styles from './campaigns.module.css'
import { useKindWords } from './kind.ts'
import { useWhomCount } from './useWhomCount.ts'
import { words } from './wizard.words.ts'

/** Beside the editor: how many it may reach, as far as audience, exclusions and holdout say. */
export function CountsPanel({ spec }: { spec: DraftSpec }) {
  const t = useKindWords(words)
  const { whom, left, error } = useWhomCount(spec)
  if (error) return <Panel title={t('count.title')}>{<p className={styles.bad}>{explain(error).title}</p>}</Panel>
  if (whom === undefined || left === undefined)
    return (
      <Panel title={t('count.title')}>
        <p className={styles.quiet}>{t('count.none')}</p>
      </Panel>
    )
  const held = Math.round((left.count * spec.holdout_permille) / 1_000)
  return (
    <Panel title={t('count.title')}>
      <div role="status">
        <dl className={styles.counts}>
          <Line label={t('count.whom')} of={whom} value={whom.count} />
          {spec.exclusions.length > 0 && <Line label={t('count.left')} of={left} value={left.count} />}
          {spec.holdout_permille > 0 && <Line label={t('count.holdout')} of={left} value={held} />}
          <Line label={t('count.sent')} of={left} value={left.count - held} total />
        </dl>
      </div>
      <p className={styles.quiet}>{t('count.later')}</p>
    </Panel>
  )
}

function Line({ label, of, value, total }: { label: string; of: { exact: boolean }; value: number; total?: boolean }) {
  return (
    <div className={total ? styles.total : undefined}>
      <dt>{label}</dt>
      <dd title={exactCount(value)}>
        {of.exact ? '' : '≈ '}
        {shortCount(value)}
      </dd>
    </div>
  )
}
