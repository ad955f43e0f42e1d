import { Button, Checkbox, Input, Tag } from 'antd'
import { useDeferredValue, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import { type Column, DataTable } from '../../../components/DataTable.tsx'
import { useKeysetList } from '../../../lib/useKeysetList.ts'
import { type GroupRow, groupsKey } from '../../groups/groups.ts'
import styles from '../campaigns.module.css'
import { words } from './words.ts'

const atOnce = 20
const mostChosen = 20_000
const tagsShown = 12

/** Groups one by one: found by their name or their owner's, ticked, and listed above. */
export function GroupPick({ value, onChange }: { value: readonly string[]; onChange: (chats: string[]) => void }) {
  const t = useWords(words)
  const [typed, setTyped] = useState('')
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map())
  const q = useDeferredValue(typed).trim()
  const list = useKeysetList<GroupRow>([...groupsKey, 'pick', q], (cursor) =>
    ask(
      api.GET('/api/groups', {
        params: {
          query: { limit: atOnce, ...(q === '' ? {} : { q }), ...(cursor === undefined ? {} : { cursor }) },
        },
      }),
    ),
  )
  const chosen = new Set(value)
  const put = (rows: readonly GroupRow[], ticked: boolean) => {
    setNames((before) => new Map([...before, ...rows.map((row) => [row.chat_id, row.name] as const)]))
    const ids = new Set(rows.map((row) => row.chat_id))
    const rest = value.filter((id) => !ids.has(id))
    onChange(ticked ? [...rest, ...ids].slice(0, mostChosen) : rest)
  }
  const rows = list.rows ?? []
  const here = rows.filter((row) => chosen.has(row.chat_id)).length
  const columns: Column<GroupRow>[] = [
    {
      ...{ key: 'tick', title: t('pick.tick'), width: 64, fixed: true },
      render: (row) => (
        <Checkbox
          aria-label={t('pick.one', { name: row.name })}
          checked={chosen.has(row.chat_id)}
          onChange={({ target }) => put([row], target.checked)}
        />
      ),
    },
    { key: 'name', title: t('pick.name'), fixed: true, render: (row) => row.name || row.chat_id },
    { key: 'owner', title: t('pick.owner'), render: (row) => row.owner.name },
    { key: 'store', title: t('pick.store'), render: (row) => row.store?.name ?? '–' },
    { key: 'customers', title: t('pick.customers'), align: 'right', render: (row) => exactCount(row.customers) },
  ]
  return (
    <div className={styles.stack}>
      <div className={styles.acts}>
        <strong role="status">{t('pick.count', { count: value.length })}</strong>
        {value.slice(0, tagsShown).map((id) => (
          <Tag
            key={id}
            closable
            onClose={(event) => {
              event.preventDefault()
              onChange(value.filter((one) => one !== id))
            }}
          >
            {names.get(id) ?? rows.find((row) => row.chat_id === id)?.name ?? id}
          </Tag>
        ))}
        {value.length > tagsShown && (
          <span className={styles.quiet}>{t('pick.rest', { count: value.length - tagsShown })}</span>
        )}
        {value.length > 0 && (
          <Button type="link" onClick={() => onChange([])}>
            {t('pick.clear')}
          </Button>
        )}
      </div>
      <DataTable<GroupRow>
        id="campaign-groups-pick"
        name={t('pick.title')}
        list={list}
        columns={columns}
        rowKey={(row) => row.chat_id}
        filtered={q !== ''}
        toolbar={
          <div className={styles.acts}>
            <Input.Search
              allowClear
              aria-label={t('pick.q')}
              placeholder={t('pick.q')}
              value={typed}
              onChange={({ target }) => setTyped(target.value)}
            />
            <Button disabled={rows.length === 0} onClick={() => put(rows, here < rows.length)}>
              {t(here < rows.length ? 'pick.page' : 'pick.page.off')}
            </Button>
          </div>
        }
      />
    </div>
  )
}
