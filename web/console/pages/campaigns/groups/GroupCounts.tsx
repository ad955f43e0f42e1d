import { exactCount, shortCount } from '#shared/format/number.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { useWords } from '#shared/i18n/words.ts'
import { Panel } from '../../../components/PageShape.tsx'
import { explain } from '../../../lib/explain.ts'
import type { DraftSpec } from '../campaign.ts'
import styles from '../campaigns.module.css'
import { useGroupsPreview } from './useGroupsPreview.ts'
import { words } from './words.ts'

/** Beside the editor: how many groups, who of them is left out and why, and how many taps their owners make. */
export function GroupCounts({ spec }: { spec: DraftSpec }) {
  const t = useWords(words)
  const language = useLanguage()
  const { data, error } = useGroupsPreview(spec)
  if (error) return <Panel title={t('count.title')}>{<p className={styles.bad}>{explain(error).title}</p>}</Panel>
  if (!data) return <Panel title={t('count.title')}>{<p className={styles.quiet}>{t('count.waiting')}</p>}</Panel>
  const labelOf = ({ fate, words: { zh, en } }: (typeof data.left_out)[number]) => {
    const why = language === 'en' ? en : zh
    return fate === 'held' ? t('count.held', { why }) : why
  }
  const asked = spec.marketing && (spec.groups?.most_over_permille ?? null) !== null
  const taps = spec.groups?.task_each ? data.taps.per_group : data.taps.per_owner
  const lines = [
    { key: 'chosen', label: t('count.chosen'), value: data.chosen },
    ...data.left_out.map((one) => ({
      ...{ key: `${one.fate} ${one.words.en}`, label: labelOf(one), value: one.groups },
    })),
  ]
  return (
    <Panel title={t('count.title')}>
      <div role="status">
        <dl className={styles.counts}>
          {lines.map((line) => (
            <Line key={line.key} label={line.label} value={line.value} />
          ))}
          <Line label={t('count.sent')} value={data.sent_to} total />
          <Line label={t('count.customers')} value={data.customers} />
          <Line label={t('count.owners')} value={data.owners.all} />
          <Line label={t('count.taps')} value={taps} total />
        </dl>
      </div>
      <p className={styles.quiet}>{t('count.later')}</p>
      {asked && <p className={styles.quiet}>{t('count.members')}</p>}
    </Panel>
  )
}

function Line({ label, value, total }: { label: string; value: number; total?: boolean }) {
  return (
    <div className={total ? styles.total : undefined}>
      <dt>{label}</dt>
      <dd title={exactCount(value)}>{shortCount(value)}</dd>
    </div>
  )
}
