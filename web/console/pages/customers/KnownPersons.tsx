import { useNavigate } from '@tanstack/react-router'
import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { useKeysetList } from '../../lib/useKeysetList.ts'
import styles from './customers.module.css'
import { customersKey, listPath } from './customers.ts'
import { useKindText } from './kindNames.ts'
import { type CustomerWords, words } from './words.ts'

type Known = components['schemas']['KnownPerson']

/** Who bought, followed or was imported, and has added no member yet. */
export function KnownPersons({ q }: { q: string | undefined }) {
  const t = useWords(words)
  const kindText = useKindText()
  const navigate = useNavigate()
  const list = useKeysetList<Known>([...customersKey, 'known', q ?? ''], (cursor) =>
    ask(
      api.GET('/api/known-persons', {
        params: { query: { ...(q === undefined ? {} : { q }), ...(cursor === undefined ? {} : { cursor }) } },
      }),
    ),
  )
  const columns = columnsOf(t, kindText)
  return (
    <Panel flush>
      <DataTable
        id="known-persons"
        name={t('known.title')}
        columns={columns}
        list={list}
        rowKey={(row) => String(row.id)}
        onOpen={(row) => void navigate({ to: `${listPath}/${row.id}` })}
        filtered={q !== undefined}
        empty={<EmptyState title={t('known.none')} text={t('known.none.how')} />}
      />
    </Panel>
  )
}

function columnsOf(t: Say<CustomerWords>, kindText: (kind: string) => string): Column<Known>[] {
  return [
    {
      key: 'name',
      title: t('known.name'),
      fixed: true,
      render: (row) => (row.name === '' ? <span className={styles.quiet}>{t('known.unnamed')}</span> : row.name),
    },
    { key: 'phone', title: t('known.phone'), render: (row) => row.phone || '–' },
    {
      key: 'ids',
      title: t('known.ids'),
      render: (row) => (
        <span className={styles.row}>
          {row.identities.map(({ kind, value }) => (
            <span key={`${kind} ${value}`} className={styles.member}>
              <span className={styles.quiet}>{kindText(kind)}</span> {value}
            </span>
          ))}
        </span>
      ),
    },
    {
      key: 'orders',
      title: t('known.orders'),
      align: 'right',
      render: (row) => (row.orders === 0 ? '–' : t('known.orders.count', { count: row.orders })),
    },
    {
      key: 'last',
      title: t('known.last'),
      render: (row) => (row.last_order_at === null ? '–' : <Ago at={row.last_order_at} />),
    },
    { key: 'since', title: t('known.since'), width: 130, render: (row) => <Ago at={row.known_since} /> },
  ]
}
