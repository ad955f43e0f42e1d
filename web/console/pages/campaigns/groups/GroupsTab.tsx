import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { exactCount } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import type { Column } from '../../../components/DataTable.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import type { CampaignDetail } from '../campaign.ts'
import { NamedLines, NamedTab, useFateColumns } from '../NamedTab.tsx'
import { type GroupSendWords, words } from './words.ts'

type Line = components['schemas']['GroupSendGroups']['items'][number]

const fates = ['sent_to', 'held', 'dropped', 'excluded', 'no_sender'] as const

/** Every group that was chosen: whether it got it, and why not; of each its clicks and the orders that it woke. */
export function GroupsTab({ campaign }: { campaign: CampaignDetail }) {
  const t = useWords(words)
  const fateColumns = useFateColumns<Line>()
  const empty = <EmptyState title={t('lines.none')} text={t('lines.none.how')} />
  return (
    <NamedTab campaign={campaign} empty={empty}>
      {(run) => (
        <NamedLines<Line, (typeof fates)[number]>
          {...{ campaign, run, fates, empty }}
          id="campaign-groups"
          name={t('lines.title')}
          search={t('lines.q')}
          columns={columnsOf(t, fateColumns)}
          rowKey={(row) => row.chat_id}
          page={(query) =>
            ask(
              api.GET('/api/campaigns/{id}/runs/{run}/groups', {
                params: { path: { id: campaign.id, run: run.id }, query },
              }),
            )
          }
        />
      )}
    </NamedTab>
  )
}

function columnsOf(t: Say<GroupSendWords>, fateColumns: readonly Column<Line>[]): Column<Line>[] {
  const known = (value: number | null) => <span className="num">{value === null ? '–' : exactCount(value)}</span>
  return [
    { key: 'name', title: t('lines.name'), fixed: true, render: (row) => row.name || row.chat_id },
    { key: 'owner', title: t('lines.owner'), render: (row) => row.owner.name ?? row.owner.userid },
    { key: 'customers', title: t('lines.customers'), align: 'right', render: (row) => known(row.customers) },
    ...fateColumns,
    {
      ...{ key: 'held', title: t('lines.held') },
      render: (row) => <span className="num">{row.held_until === null ? '–' : exactTime(row.held_until)}</span>,
    },
    { key: 'state', title: t('lines.state'), render: (row) => stateOf(row, t) },
    {
      ...{ key: 'sent', title: t('lines.sent') },
      render: (row) => <span className="num">{row.sent_at === null ? '–' : exactTime(row.sent_at)}</span>,
    },
    { key: 'clicks', title: t('lines.clicks'), align: 'right', render: (row) => known(row.clicks) },
    { key: 'woken', title: t('lines.woken'), align: 'right', render: (row) => known(row.woken_orders) },
  ]
}

function stateOf({ fate, status, task_state: state }: Line, t: Say<GroupSendWords>): string {
  if (fate !== 'sent_to') return '–'
  if (status === 1) return t('state.sent')
  if (status === 3) return t('state.full')
  if (state === 'expired' || state === 'cancelled') return t('state.back')
  if (state === 'failed') return t('state.failed')
  if (state === 'confirmed') return t('state.confirmed')
  return state === 'asked' ? t('state.asked') : t('state.waiting')
}
