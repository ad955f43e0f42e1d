import { useNavigate } from '@tanstack/react-router'
import { api, ask } from '#shared/api/client.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { Count } from '../../components/Count.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import { campaignsKey, type WaitingCampaign } from './campaign.ts'
import { goalText } from './campaignTexts.ts'
import { type DetailWords, words } from './detail.words.ts'
import { kindPaths } from './kind.ts'
import { type CampaignWords, words as listWords } from './words.ts'

/** 待办与审批: what waits for a word, the last submitted first. */
export function ApprovalsPage() {
  const t = useWords(words)
  const tList = useWords(listWords)
  const navigate = useNavigate()
  const list = useKeysetList<WaitingCampaign>([...campaignsKey, 'waiting'], (cursor) =>
    ask(api.GET('/api/campaign-approvals', { params: { query: cursor === undefined ? {} : { cursor } } })),
  )
  return (
    <PageShape title={t('waiting.title')} purpose={t('waiting.purpose')}>
      <Panel flush>
        <DataTable<WaitingCampaign>
          id="campaign-approvals"
          name={t('waiting.title')}
          list={list}
          columns={columnsOf(t, tList)}
          rowKey={(row) => row.id}
          onOpen={(row) => void navigate({ to: `${kindPaths[row.kind]}/${row.id}` })}
          empty={<EmptyState title={t('waiting.none')} text={t('waiting.none.how')} />}
        />
      </Panel>
    </PageShape>
  )
}

function columnsOf(t: Say<DetailWords>, tList: Say<CampaignWords>): Column<WaitingCampaign>[] {
  return [
    { key: 'name', title: tList('column.name'), fixed: true, render: (row) => row.name },
    { key: 'goal', title: tList('column.goal'), render: (row) => goalText(tList, row.goal) },
    {
      ...{ key: 'recipients', title: t('waiting.recipients'), align: 'right' },
      render: (row) => <Count value={row.submission?.recipients ?? 0} />,
    },
    {
      ...{ key: 'agreed', title: t('waiting.agreed'), align: 'right' },
      render: (row) => (
        <span className="num">
          {row.submission?.agreed}/{row.submission?.needed}
        </span>
      ),
    },
    {
      ...{ key: 'by', title: t('waiting.by') },
      render: (row) => row.submission?.submitted_by ?? tList('system'),
    },
    { key: 'at', title: t('waiting.at'), render: (row) => row.submission && <Ago at={row.submission.submitted_at} /> },
  ]
}
