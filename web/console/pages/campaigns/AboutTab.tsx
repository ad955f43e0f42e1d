import { Alert, Tag } from 'antd'
import { exactTime } from '#shared/format/time.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { Panel } from '../../components/PageShape.tsx'
import { ApprovalPanel } from './ApprovalPanel.tsx'
import { ChangesPanel } from './ChangesPanel.tsx'
import { ContentPanel } from './ContentPanel.tsx'
import type { CampaignDetail } from './campaign.ts'
import styles from './campaigns.module.css'
import { words } from './detail.words.ts'
import { useKindWords } from './kind.ts'
import { RehearsalPanel } from './RehearsalPanel.tsx'
import { SpecFacts } from './SpecFacts.tsx'
import { words as listWords } from './words.ts'

/** What a campaign is: plan, faults, rehearsal, approval, versions, and the phone beside. */
export function AboutTab({ campaign }: { campaign: CampaignDetail }) {
  const t = useKindWords(words)
  return (
    <div className={styles.wizard}>
      <div className={styles.stack}>
        {campaign.state === 'waiting' && (
          <>
            <ApprovalPanel campaign={campaign} />
            <ChangesPanel campaign={campaign} />
          </>
        )}
        <Faults campaign={campaign} />
        <Panel title={t('about.title')}>
          <SpecFacts campaign={campaign} />
        </Panel>
        <Panel>
          <RehearsalPanel id={campaign.id} version={campaign.version} />
        </Panel>
        {campaign.state !== 'waiting' && <ApprovalPanel campaign={campaign} />}
        <Versions campaign={campaign} />
      </div>
      <aside className={styles.side}>
        <ContentPanel spec={campaign.spec} />
      </aside>
    </div>
  )
}

function Faults({ campaign }: { campaign: CampaignDetail }) {
  const t = useKindWords(words)
  const language = useLanguage()
  if (campaign.faults.length === 0 || campaign.state === 'live') return null
  const stops = campaign.faults.some((fault) => fault.stops)
  return (
    <Alert
      type={stops ? 'error' : 'warning'}
      showIcon
      title={t(stops ? 'faults.stop' : 'faults.hint')}
      description={
        <ul className={styles.plainList}>
          {campaign.faults.map((fault) => (
            <li key={`${fault.field} ${fault.problem}`}>{language === 'en' ? fault.said.en : fault.said.zh}</li>
          ))}
        </ul>
      }
    />
  )
}

function Versions({ campaign }: { campaign: CampaignDetail }) {
  const t = useKindWords(words)
  const tList = useKindWords(listWords)
  return (
    <Panel title={t('versions.title')}>
      <ul className={styles.plainList}>
        {campaign.versions.slice(0, 12).map((one) => (
          <li key={one.version}>
            {tList('version.n', { version: one.version })}{' '}
            <span className={styles.quiet}>
              {t('version.by', { by: one.changed_by ?? tList('system'), time: exactTime(one.changed_at) })}
            </span>{' '}
            {one.version === campaign.version && <Tag color="success">{t('version.current')}</Tag>}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
