import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { listed } from '#shared/format/list.ts'
import { exactTime } from '#shared/format/time.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import { useUrl } from '../../lib/useUrl.ts'
import styles from './governor.module.css'
import { clockOf, indexText, type Policy, policiesKey, type Rules } from './governor.ts'
import { PolicyDrawer } from './PolicyDrawer.tsx'
import { QuotaRule } from './QuotaFacts.tsx'
import { useTiers } from './useTiers.ts'
import { type GovernorWords, words } from './words.ts'

/** The policies in the order in which they are looked at. */
export function PoliciesPanel() {
  const t = useWords(words)
  const mayWrite = useMay('governor.write')
  const [url, changeUrl] = useUrl()
  const tiers = useTiers()
  const { data, error, refetch } = useQuery({
    queryKey: policiesKey,
    queryFn: () => ask(api.GET('/api/governor/policies')),
  })
  const open = url['open']
  const edited = data?.items.find((policy) => policy.id === open)
  const name = (policy: Policy) =>
    mayWrite ? (
      <Button
        type="link"
        className={styles.link ?? ''}
        aria-label={t('edit', { name: policy.name })}
        onClick={() => changeUrl({ open: policy.id }, { push: true })}
      >
        {policy.name}
      </Button>
    ) : (
      policy.name
    )
  return (
    <Panel>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading rows={4} />}
      {data && data.items.length === 0 && <EmptyState title={t('none')} text={t('none.how')} />}
      {data && data.items.length > 0 && (
        <>
          <div className={styles.notes}>
            <p className={styles.quiet}>{t('order.how')}</p>
            <p className={styles.quiet}>{t('priority.how')}</p>
            <QuotaRule />
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
          <div className={styles.scroll} tabIndex={0}>
            <table className={`${styles.table} ${styles.stacked}`}>
              <thead>
                <tr>
                  {(['name', 'whom', 'limits', 'version'] as const).map((column) => (
                    <th key={column} scope="col">
                      {t(`column.${column}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {data.items.map((policy) => (
                  <tr key={policy.id}>
                    <th scope="row">{name(policy)}</th>
                    <td data-label={t('column.whom')}>{whomText(policy, tiers, t)}</td>
                    <td data-label={t('column.limits')}>
                      <ul className={styles.lines}>
                        {limitLines(policy.rules, t).map((line) => (
                          <li key={line}>{line}</li>
                        ))}
                      </ul>
                    </td>
                    <td data-label={t('column.version')}>
                      {t('version.n', { version: policy.version })}
                      <div className={styles.quiet}>{t('since', { time: exactTime(policy.since) })}</div>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
      {mayWrite && (open === 'new' || edited) && (
        <PolicyDrawer key={open} policy={edited} onClose={() => changeUrl({ open: undefined })} />
      )}
    </Panel>
  )
}

function whomText({ rules, audience }: Policy, tiers: ReadonlyMap<string, string>, t: Say<GovernorWords>): string {
  const { whom } = rules
  if (whom === null) return t('whom.everybody')
  if (whom.is === 'tier') return t('whom.tiers', { tiers: listed(whom.any.map((id) => tiers.get(id) ?? id)) })
  return audience === null ? t('whom.audience.gone') : t('whom.audience', { audience })
}

function limitLines(rules: Rules, t: Say<GovernorWords>): string[] {
  if (rules.marketing === 'never') return [t('never')]
  const caps = rules.caps.map(({ channel, per, most, kept }) => {
    const where = t(channel === null ? 'channel.all' : `channel.${channel}`)
    const line = t('cap.line', { channel: where, per: t(`per.${per}`), most })
    return kept === 0 ? line : `${line}${t('cap.kept', { kept, priority: rules.kept_from })}`
  })
  return [
    ...(caps.length === 0 ? [t('unlimited')] : caps),
    ...(rules.quiet === null
      ? []
      : [t('quiet.line', { from: clockOf(rules.quiet.from), until: clockOf(rules.quiet.until) })]),
    ...(rules.gap_minutes === 0 ? [] : [t('gap.line', { minutes: rules.gap_minutes })]),
    ...(rules.fatigue === null ? [] : [t('fatigue.line', { most: indexText(rules.fatigue.most) })]),
  ]
}
