import { useQuery } from '@tanstack/react-query'
import { api, ask } from '#shared/api/client.ts'
import { exactTime } from '#shared/format/time.ts'
import { useSaid } from '#shared/i18n/said.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { WhyTrace } from '../../components/WhyTrace.tsx'
import { useUrl } from '../../lib/useUrl.ts'
import { CustomerSelect } from '../governor/LookUp.tsx'
import { type CampaignDetail, campaignKey, type RunRow } from './campaign.ts'
import styles from './campaigns.module.css'
import { words as fateWords } from './fate.words.ts'
import { useKindWords } from './kind.ts'
import { words } from './people.words.ts'

/** «为什么没收到»: one customer, and what the run decided of him. */
export function WhyNot({ campaign, run }: { campaign: CampaignDetail; run: RunRow }) {
  const t = useKindWords(words)
  const [url, changeUrl] = useUrl()
  const asked = Number(url['customer'])
  const customer = url['customer'] !== undefined && Number.isInteger(asked) ? asked : undefined
  return (
    <Panel title={t('whyNot.title')}>
      <div className={styles.stack}>
        <div className={styles.lookUp}>
          <label htmlFor="ask-customer">{t('whyNot.customer')}</label>
          <CustomerSelect id={customer} onChange={(id) => changeUrl({ customer: String(id) })} />
        </div>
        {customer === undefined ? (
          <p className={styles.quiet}>{t('whyNot.how')}</p>
        ) : (
          <Answer campaignId={campaign.id} run={run.id} customer={customer} />
        )}
      </div>
    </Panel>
  )
}

function Answer({ campaignId, run, customer }: { campaignId: string; run: number; customer: number }) {
  const t = useKindWords(words)
  const tFate = useKindWords(fateWords)
  const textOf = useSaid()
  const { data, error, refetch } = useQuery({
    queryKey: [...campaignKey(campaignId), 'why', run, customer],
    queryFn: () =>
      ask(
        api.GET('/api/campaigns/{id}/why', {
          params: { path: { id: campaignId }, query: { customer_id: customer, run } },
        }),
      ),
  })
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} inline />
  if (!data) return null
  const { recipient, policy } = data
  const said = data.words.map(textOf)
  const facts = [
    ...(data.run === null ? [] : [{ label: t('whyNot.run'), value: `#${data.run.id}` }]),
    ...(recipient?.sender ? [{ label: t('whyNot.sender'), value: recipient.sender_name ?? recipient.sender }] : []),
    ...(policy === null ? [] : [{ label: t('whyNot.policy'), value: `${policy.name} v${policy.version}` }]),
    ...(recipient?.held_until ? [{ label: t('people.held'), value: exactTime(recipient.held_until) }] : []),
    ...(recipient?.sent_at ? [{ label: t('people.sentAt'), value: exactTime(recipient.sent_at) }] : []),
  ]
  return (
    <WhyTrace
      question={t('whyNot.question', { name: recipient?.name || `#${customer}` })}
      won={
        recipient === null
          ? undefined
          : { key: recipient.fate, label: tFate(`fate.${recipient.fate}`), reason: said[0] ?? '' }
      }
      nothing={said[0] ?? t('whyNot.nobody')}
      lost={said.slice(1).map((text) => ({ key: text, label: text, reason: '' }))}
      facts={facts}
      {...(data.run === null ? {} : { decidedAt: data.run.at })}
    />
  )
}
