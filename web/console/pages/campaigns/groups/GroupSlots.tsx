import { useQuery } from '@tanstack/react-query'
import { Segmented } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { exactCount } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import { DataTable } from '../../../components/DataTable.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { Panel } from '../../../components/PageShape.tsx'
import { useStaticList } from '../../../lib/useStaticList.ts'
import { clockText } from '../../welcome/welcome.ts'
import { campaignsKey } from '../campaign.ts'
import styles from '../campaigns.module.css'
import { figureColumns } from './GroupParts.tsx'
import { words } from './words.ts'

type Slot = components['schemas']['GroupSendSlots']['items'][number]
const days = 7

/** By the time of day for which sends were planned: how many owners confirmed, and what was woken; of this one, or of all. */
export function GroupSlots({ campaignId }: { campaignId: string }) {
  const t = useWords(words)
  const [all, setAll] = useState(false)
  const query = useQuery({
    queryKey: [...campaignsKey, 'group-slots', all ? 'all' : campaignId],
    queryFn: () =>
      ask(
        api.GET('/api/group-send-slots', {
          params: { query: { days, ...(all ? {} : { campaign: campaignId }) } },
        }),
      ),
    refetchInterval: 30_000,
  })
  const list = useStaticList<Slot>(query, query.data?.items)
  return (
    <Panel
      title={t('slots.title', { count: days })}
      flush
      aside={
        <Segmented<'one' | 'all'>
          value={all ? 'all' : 'one'}
          options={(['one', 'all'] as const).map((one) => ({ value: one, label: t(`slots.${one}`) }))}
          onChange={(next) => setAll(next === 'all')}
        />
      }
    >
      <DataTable<Slot>
        id="campaign-group-slots"
        name={t('slots.title', { count: days })}
        list={list}
        columns={[
          { key: 'minute', title: t('slots.time'), fixed: true, render: (row) => clockText(row.minute) },
          {
            ...{ key: 'runs', title: t('slots.runs'), align: 'right' },
            render: (row) => <span className="num">{exactCount(row.runs)}</span>,
          },
          ...figureColumns<Slot>(t),
        ]}
        rowKey={(row) => String(row.minute)}
        empty={<EmptyState title={t('slots.none')} text={t('slots.none.how', { count: days })} />}
      />
      {query.data?.more && <p className={styles.inset}>{t('slots.more', { count: query.data.runs })}</p>}
    </Panel>
  )
}
