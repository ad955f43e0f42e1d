import { Link } from '@tanstack/react-router'
import { api, ask } from '#shared/api/client.ts'
import { exactTime } from '#shared/format/time.ts'
import type { Say } from '#shared/i18n/words.ts'
import type { Column } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { type CampaignDetail, fates, type Recipient } from './campaign.ts'
import { useKindWords } from './kind.ts'
import { NamedLines, NamedTab, useFateColumns } from './NamedTab.tsx'
import { type PeopleWords, words } from './people.words.ts'
import { WhyNot } from './WhyNot.tsx'

/** Everybody whom the audience named: who got it, who did not, and why; and one person looked up. */
export function PeopleTab({ campaign }: { campaign: CampaignDetail }) {
  const t = useKindWords(words)
  const fateColumns = useFateColumns<Recipient>()
  const empty = <EmptyState title={t('people.none')} text={t('people.none.how')} />
  return (
    <NamedTab campaign={campaign} empty={empty}>
      {(run) => (
        <>
          <WhyNot campaign={campaign} run={run} />
          <NamedLines<Recipient, (typeof fates)[number]>
            {...{ campaign, run, fates, empty }}
            id="campaign-people"
            name={t('people.list')}
            search={t('people.q')}
            columns={columnsOf(t, campaign, fateColumns)}
            rowKey={(row) => String(row.customer_id)}
            page={(query) =>
              ask(
                api.GET('/api/campaigns/{id}/runs/{run}/recipients', {
                  params: { path: { id: campaign.id, run: run.id }, query },
                }),
              )
            }
          />
        </>
      )}
    </NamedTab>
  )
}

const statusKeys = ['status.0', 'status.1', 'status.2', 'status.3'] as const

function columnsOf(
  t: Say<PeopleWords>,
  campaign: CampaignDetail,
  fateColumns: readonly Column<Recipient>[],
): Column<Recipient>[] {
  return [
    {
      ...{ key: 'name', title: t('people.name'), fixed: true },
      render: (row) => <Link to={`/customers/list/${row.customer_id}`}>{row.name || `#${row.customer_id}`}</Link>,
    },
    ...fateColumns,
    {
      ...{ key: 'held', title: t('people.held'), hidden: true },
      render: (row) => (row.held_until === null ? '–' : exactTime(row.held_until)),
    },
    { key: 'sender', title: t('people.sender'), render: (row) => row.sender_name ?? row.sender ?? '–' },
    {
      ...{ key: 'status', title: t('people.status') },
      render: (row) => {
        if (row.fate !== 'sent_to') return '–'
        if (row.over) return t('status.over')
        if (row.status === 0 && row.confirmed) return t('status.unseen')
        return t(statusKeys[row.status ?? -1] ?? 'status.none')
      },
    },
    {
      ...{ key: 'sent', title: t('people.sentAt') },
      render: (row) => <span className="num">{row.sent_at === null ? '–' : exactTime(row.sent_at)}</span>,
    },
    {
      ...{ key: 'variant', title: t('people.variant'), hidden: true },
      render: (row) => (row.variant === null ? '–' : (campaign.spec.variants[row.variant]?.name ?? row.variant + 1)),
    },
  ]
}
