import { useMutation } from '@tanstack/react-query'
import { Alert, App, Button, Input } from 'antd'
import { useId, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { Panel } from '../../components/PageShape.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { useMay } from '../../lib/session.ts'
import { type CampaignDetail, campaignsKey } from './campaign.ts'
import styles from './campaigns.module.css'
import { words } from './detail.words.ts'
import { useKindWords } from './kind.ts'
import { words as listWords } from './words.ts'

/** How the version stands with its approval, and the word of whoever may judge it. */
export function ApprovalPanel({ campaign }: { campaign: CampaignDetail }) {
  const t = useKindWords(words)
  const tList = useKindWords(listWords)
  const { submission } = campaign
  if (submission === null)
    return (
      <Panel title={t('approval.title')}>
        <p className={styles.quiet}>{t('approval.draft')}</p>
      </Panel>
    )
  return (
    <Panel title={t('approval.title')}>
      <div className={styles.stack}>
        <p>
          {t('approval.of', {
            ...{ version: campaign.version, by: submission.submitted_by ?? tList('system') },
            ...{ time: exactTime(submission.submitted_at), recipients: exactCount(submission.recipients) },
          })}
        </p>
        <p>{t('approval.count', { agreed: submission.agreed, needed: submission.needed })}</p>
        <ul className={styles.plainList}>
          {submission.verdicts.map((one) => (
            <li key={one.at}>
              <strong>{t(`verdict.${one.verdict}`)}</strong> {one.name ?? tList('nobody')} · {exactTime(one.at)} ·{' '}
              {t(`through.${one.through}`)}
              {one.words !== '' && <blockquote className={styles.quote}>{one.words}</blockquote>}
            </li>
          ))}
        </ul>
        {submission.changed.length > 0 && <ChangedSince changed={submission.changed} />}
        {campaign.state === 'waiting' && (
          <Judge campaign={campaign} mine={submission.mine} changed={submission.changed.length > 0} />
        )}
      </div>
    </Panel>
  )
}

/** What was submitted is not what would go out: said before anybody decides. */
function ChangedSince({ changed }: { changed: NonNullable<CampaignDetail['submission']>['changed'] }) {
  const t = useKindWords(words)
  const language = useLanguage()
  return (
    <Alert
      type="warning"
      showIcon
      title={t('approval.changed')}
      description={
        <>
          <ul>
            {changed.map(({ what, said }) => (
              <li key={what}>{language === 'en' ? said.en : said.zh}</li>
            ))}
          </ul>
          {t('approval.changed.how')}
        </>
      }
    />
  )
}

function Judge({ campaign, mine, changed }: { campaign: CampaignDetail; mine: boolean; changed: boolean }) {
  const t = useKindWords(words)
  const id = useId()
  const mayApprove = useMay('campaigns.approve')
  const { message } = App.useApp()
  const [said, setSaid] = useState('')
  const judge = useMutation({
    mutationFn: (verdict: 'approve' | 'refuse') => {
      const given = { params: { path: { id: campaign.id } }, body: { version: campaign.version, words: said.trim() } }
      return ask(
        verdict === 'approve'
          ? api.POST('/api/campaigns/{id}/approve', given)
          : api.POST('/api/campaigns/{id}/refuse', given),
      )
    },
    onSuccess: async (_, verdict) => {
      void message.success(t(verdict === 'approve' ? 'approval.agreed' : 'approval.refused'))
      await queryClient.invalidateQueries({ queryKey: campaignsKey })
    },
  })
  if (!mayApprove) return <p className={styles.quiet}>{t('approval.notYours')}</p>
  if (mine) return <p className={styles.quiet}>{t('approval.mine')}</p>
  const failure = judge.error && explain(judge.error)
  return (
    <div className={styles.stack}>
      <label htmlFor={id}>{t('approval.words')}</label>
      <Input.TextArea
        id={id}
        rows={2}
        maxLength={300}
        placeholder={t('approval.words.hint')}
        value={said}
        onChange={({ target }) => setSaid(target.value)}
      />
      {failure && <Alert type="error" showIcon role="alert" title={failure.title} description={failure.hint} />}
      <div className={styles.acts}>
        <Button
          type="primary"
          disabled={changed}
          loading={judge.isPending && judge.variables === 'approve'}
          onClick={() => judge.mutate('approve')}
        >
          {t('approval.agree')}
        </Button>
        <Button
          danger
          disabled={said.trim().length < 2}
          loading={judge.isPending && judge.variables === 'refuse'}
          onClick={() => judge.mutate('refuse')}
        >
          {t('approval.refuse')}
        </Button>
      </div>
    </div>
  )
}
