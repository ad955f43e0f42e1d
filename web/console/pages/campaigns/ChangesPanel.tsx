import { useQuery } from '@tanstack/react-query'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { Panel } from '../../components/PageShape.tsx'
import { type CampaignDetail, campaignKey, type Spec } from './campaign.ts'
import styles from './campaigns.module.css'
import { words } from './detail.words.ts'
import { useSpecFacts } from './SpecFacts.tsx'

/** For who judges: what differs from the version that was approved last. */
export function ChangesPanel({ campaign }: { campaign: CampaignDetail }) {
  const t = useWords(words)
  const { id, version } = campaign
  const { data } = useQuery({
    queryKey: [...campaignKey(id), 'approved', version],
    queryFn: () => ask(api.GET('/api/campaigns/{id}/approved', { params: { path: { id } } })),
  })
  if (!data) return null
  if (data.approved === null)
    return (
      <Panel title={t('changes.any')}>
        <p className={styles.quiet}>{t('changes.first')}</p>
      </Panel>
    )
  return <Changes before={data.approved} spec={campaign.spec} />
}

function Changes({ before, spec }: { before: { version: number; spec: Spec }; spec: Spec }) {
  const t = useWords(words)
  const was = [...useSpecFacts(before.spec), ...contentFacts(before.spec)]
  const is = [...useSpecFacts(spec), ...contentFacts(spec)]
  const labels = [...new Set([...was, ...is].map((fact) => fact.label))]
  const textAt = (facts: typeof was, label: string) => facts.find((fact) => fact.label === label)?.value ?? '–'
  // two rules may be said alike, such as of two tags of one name: they differ where their written forms do
  const differs = (key: 'whom' | 'exclusions') => JSON.stringify(spec[key]) !== JSON.stringify(before.spec[key])
  const written = [
    ...(differs('whom') ? [t('fact.whom')] : []),
    ...(differs('exclusions') ? [t('fact.exclusions')] : []),
  ]
  const rows = labels.filter((label) => textAt(was, label) !== textAt(is, label) || written.includes(label))
  return (
    <Panel title={t(rows.length === 0 ? 'changes.none' : 'changes.title', { version: before.version })}>
      {rows.length > 0 && (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('about.title')}</th>
              <th scope="col">{t('change.before')}</th>
              <th scope="col">{t('change.after')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((label) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                <td className={styles.kept}>{textAt(was, label)}</td>
                <td className={styles.kept}>{textAt(is, label)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}

/** Each variant's text and attachments under its name. */
function contentFacts(spec: Spec) {
  return spec.variants.map(({ name, content, share }) => ({
    label: name,
    value: [
      `${content.text}`,
      ...content.attachments.map((one) => ('title' in one ? `[${one.kind}] ${one.title}` : `[${one.kind}]`)),
      ...(spec.variants.length > 1 ? [`${share} %`] : []),
    ].join('\n'),
  }))
}
