import { Input, Segmented } from 'antd'
import { useDeferredValue, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { exactCount, share } from '#shared/format/number.ts'
import { duration } from '#shared/format/time.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { type Column, DataTable } from '../../../components/DataTable.tsx'
import { EmptyState } from '../../../components/EmptyState.tsx'
import { Panel } from '../../../components/PageShape.tsx'
import { useKeysetList } from '../../../lib/useKeysetList.ts'
import { useUrl } from '../../../lib/useUrl.ts'
import { campaignKey, isChanging, type Run } from '../campaign.ts'
import { useRefreshing } from '../useRefreshing.ts'
import { type GroupSendWords, words } from './words.ts'

export type Part = components['schemas']['GroupSendPart']
const kinds = ['owner', 'store', 'hour'] as const

/** A run by owner, by the stores of the owners, or by the hours at which they were asked. */
export function GroupParts({ campaignId, run }: { campaignId: string; run: Pick<Run, 'id' | 'state' | 'ended_at'> }) {
  const t = useWords(words)
  const [url, changeUrl] = useUrl()
  const by = kinds.find((one) => one === url['by']) ?? 'owner'
  const [typed, setTyped] = useState('')
  const q = useDeferredValue(typed).trim()
  const list = useKeysetList<Part>([...campaignKey(campaignId), 'group-parts', run.id, by, q], (cursor) =>
    ask(
      api.GET('/api/campaigns/{id}/runs/{run}/group-parts', {
        params: {
          path: { id: campaignId, run: run.id },
          query: { by, ...(q === '' ? {} : { q }), ...(cursor === undefined ? {} : { cursor }) },
        },
      }),
    ),
  )
  useRefreshing(list.refresh, isChanging(run))
  return (
    <Panel
      title={t('parts.title')}
      flush
      aside={
        <Segmented<(typeof kinds)[number]>
          value={by}
          options={kinds.map((one) => ({ value: one, label: t(`parts.${one}`) }))}
          onChange={(next) => changeUrl({ by: next === 'owner' ? undefined : next })}
        />
      }
    >
      <DataTable<Part>
        id="campaign-group-parts"
        name={t('parts.title')}
        list={list}
        columns={[nameColumn(t, by), ...figureColumns(t)]}
        rowKey={(row) => row.key}
        filtered={q !== ''}
        empty={<EmptyState title={t('parts.none')} text={t('lines.none.how')} />}
        toolbar={
          by !== 'hour' && (
            <Input.Search
              allowClear
              aria-label={t('parts.q')}
              placeholder={t('parts.q')}
              value={typed}
              onChange={({ target }) => setTyped(target.value)}
            />
          )
        }
      />
    </Panel>
  )
}

function nameColumn(t: Say<GroupSendWords>, by: (typeof kinds)[number]): Column<Part> {
  return {
    ...{ key: 'name', title: t(`parts.${by}`), fixed: true },
    render: (row) => (by === 'hour' ? `${row.key}:00` : (row.name ?? (row.key || t('parts.nostore')))),
  }
}

type Figures = Omit<Part, 'key' | 'name'>

/** What a part of a run, or a time of the day, came to. */
export function figureColumns<Row extends Figures>(t: Say<GroupSendWords>): Column<Row>[] {
  const figure = (key: 'groups' | 'asked' | 'sent' | 'clicks' | 'woken_orders' | 'woken_persons'): Column<Row> => ({
    ...{ key, title: t(`figure.${key}`), align: 'right' },
    render: (row) => <span className="num">{exactCount(row[key])}</span>,
  })
  return [
    figure('groups'),
    figure('asked'),
    {
      ...{ key: 'confirmed', title: t('figure.confirmed'), align: 'right' },
      render: (row) => (
        <span className="num">
          {exactCount(row.confirmed)} · {row.asked === 0 ? '–' : share(row.confirmed / row.asked)}
        </span>
      ),
    },
    {
      ...{ key: 'minutes', title: t('figure.minutes'), align: 'right' },
      render: (row) => <span className="num">{row.minutes === null ? '–' : duration(row.minutes * 60_000)}</span>,
    },
    figure('sent'),
    figure('clicks'),
    figure('woken_orders'),
    figure('woken_persons'),
  ]
}
