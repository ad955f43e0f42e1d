import { useMemo } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactTime } from '#shared/format/time.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import { indexText, personKey, type Touch } from './governor.ts'
import { type GovernorWords, words } from './words.ts'

/** Every touch of a customer, the latest first. */
export function Ledger({ id }: { id: number }) {
  const t = useWords(words)
  const list = useKeysetList([...personKey, id, 'touches'], (cursor) =>
    ask(
      api.GET('/api/customers/{id}/touches', {
        params: { path: { id }, query: cursor === undefined ? {} : { cursor } },
      }),
    ),
  )
  const columns = useMemo(() => columnsOf(t), [t])
  return (
    <Panel title={t('ledger.title')} flush>
      <DataTable<Touch>
        id="touches"
        name={t('ledger.title')}
        columns={columns}
        list={list}
        rowKey={(row) => `${row.at} ${row.channel} ${row.sender} ${row.campaign_id}`}
        empty={<EmptyState title={t('ledger.none')} text={t('ledger.none.how')} />}
      />
    </Panel>
  )
}

function columnsOf(t: Say<GovernorWords>): Column<Touch>[] {
  return [
    { key: 'at', title: t('ledger.at'), fixed: true, width: 180, render: (row) => exactTime(row.at) },
    {
      key: 'channel',
      title: t('ledger.channel'),
      render: (row) =>
        `${t(`channel.${row.channel}`)}${row.own ? t('ledger.own') : ''}${row.certain ? '' : t('ledger.doubt')}`,
    },
    { key: 'campaign', title: t('ledger.campaign'), render: (row) => row.campaign ?? '–' },
    { key: 'kind', title: t('ledger.kind'), width: 90, render: (row) => t(`kind.${row.kind}`) },
    {
      key: 'sender',
      title: t('ledger.sender'),
      render: (row) => row.sender_name ?? row.sender ?? t('sender.none'),
    },
    {
      key: 'weight',
      title: t('ledger.weight'),
      width: 110,
      align: 'right',
      // service tires nobody
      render: (row) => (row.kind === 'service' ? '–' : indexText(row.weight)),
    },
  ]
}
