import { Alert, Button } from 'antd'
import { exactCount, share } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { FactList } from '../../components/FactList.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { useUrl } from '../../lib/useUrl.ts'
import type { Run, Spec } from './campaign.ts'
import styles from './campaigns.module.css'
import { useKindWords } from './kind.ts'
import { words } from './run.words.ts'

const tones = { go: 'success', stop: 'error', wait: 'info', unheard: 'warning' } as const

/** How the first part went: deletes against the line above which the rest is stopped. */
export function CanaryPanel({
  canary,
  rule,
  over,
}: {
  canary: Run['canary']
  rule: Spec['canary']
  /** Nothing goes on any more: what was not judged by then never is. */
  over: boolean
}) {
  const verdictOf = (verdict: keyof typeof tones) =>
    over && verdict === 'wait' ? 'canary.unjudged' : (`canary.${verdict}` as const)
  const t = useKindWords(words)
  const [, changeUrl] = useUrl()
  const threshold = rule === null ? '–' : share(rule.most_deletes_permille / 1_000)
  if (canary === null)
    return (
      <Panel title={t('canary.title')}>
        <p className={styles.quiet}>
          {t(verdictOf('wait'))} · {t('canary.threshold')} {threshold}
        </p>
      </Panel>
    )
  return (
    <Panel title={t('canary.title')}>
      <div className={styles.stack}>
        <Alert type={tones[canary.verdict]} showIcon title={t(verdictOf(canary.verdict))} />
        <FactList
          facts={[
            { label: t('canary.asked'), value: exactCount(canary.asked) },
            { label: t('canary.confirmed'), value: exactCount(canary.confirmed) },
            { label: t('canary.delivered'), value: exactCount(canary.delivered) },
            { label: t('canary.deleted'), value: exactCount(canary.deleted) },
            {
              label: t('canary.rate'),
              value: canary.delivered === 0 ? '–' : share(canary.deleted / canary.delivered),
            },
            { label: t('canary.threshold'), value: threshold },
          ]}
        />
        {canary.base !== undefined && (
          <p className={styles.quiet}>
            {t(`canary.base.${canary.base.source}`, {
              share: `${Number((canary.base.share * 100).toPrecision(2))} %`,
              persons: exactCount(canary.base.persons),
            })}
          </p>
        )}
        <p className={styles.quiet}>{t('canary.at', { time: exactTime(canary.at) })}</p>
        {canary.verdict === 'stop' && (
          <div>
            <Button onClick={() => changeUrl({ tab: 'report' })}>{t('canary.compare')}</Button>
          </div>
        )}
      </div>
    </Panel>
  )
}
