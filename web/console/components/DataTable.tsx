import { LeftOutlined, ReloadOutlined, RightOutlined } from '@ant-design/icons'
import { Button, Table } from 'antd'
import { type Key, type ReactNode, useMemo, useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { scrolledByKey } from '../lib/scrolledByKey.ts'
import type { KeysetList } from '../lib/useKeysetList.ts'
import { ColumnPicker } from './ColumnPicker.tsx'
import styles from './DataTable.module.css'
import { EmptyState } from './EmptyState.tsx'
import { ErrorState } from './ErrorState.tsx'
import { Loading } from './Loading.tsx'
import { useVisibleColumns } from './useVisibleColumns.ts'
import { words } from './words.ts'

export interface Column<Row> {
  key: string
  title: string
  /** Stands at the head instead of the title, where there is more to it: what the column counts. */
  heading?: ReactNode
  render: (row: Row) => ReactNode
  width?: number
  align?: 'right' | 'center'
  /** Not offered in the column picker: the name, the actions. */
  fixed?: boolean
  /** Offered, but off until somebody wants it. */
  hidden?: boolean
}

export interface BulkAction<Row> {
  key: string
  label: string
  danger?: boolean
  /** Show what it would touch before it does it. */
  run: (rows: Row[]) => void
}

export interface DataTableProps<Row> {
  /** Names the table in the person's preferences and for assistive technology. */
  id: string
  name: string
  columns: Column<Row>[]
  list: KeysetList<Row>
  rowKey: (row: Row) => string
  /** Opens the row's drawer or page. The first column becomes the button for it. */
  onOpen?: (row: Row) => void
  bulk?: BulkAction<Row>[]
  /** Shown when there is nothing at all; say how to start. */
  empty?: ReactNode
  /** True while filters narrow the list: then an empty answer means "nothing fits", not "nothing yet". */
  filtered?: boolean
  toolbar?: ReactNode
}

/** A list with server-side keyset paging, a column picker and a bulk bar. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { columns, list, rowKey, onOpen, bulk } = props
  const t = useWords(words)
  const { visible, setHidden, reset } = useVisibleColumns(props.id, columns)
  const [selected, setSelected] = useState<ReadonlyMap<string, Row>>(new Map())
  const shown = useMemo(
    () => visible.map((column, index) => toAntd(column, index === 0 ? onOpen : undefined)),
    [visible, onOpen],
  )

  if (list.loading) return <Loading rows={8} />
  if (list.error && list.rows === undefined) return <ErrorState error={list.error} onRetry={list.refresh} />
  const rows = list.rows ?? []
  const nothing = rows.length === 0 && !list.hasPrevious
  if (nothing && !props.filtered && props.empty !== undefined) return props.empty

  return (
    <section
      className={styles.wrap}
      aria-label={t('table.region', { name: props.name })}
      // rows that open are reached by key, and what is reached scrolls; other tables must be scrolled by key themselves
      ref={(element) => {
        if (!onOpen) scrolledByKey(element)
      }}
    >
      {list.error && <ErrorState error={list.error} onRetry={list.refresh} inline />}
      <div className={styles.bar}>
        {selected.size > 0 && bulk ? (
          <div className={styles.bulk}>
            <span>{t('table.selected', { count: selected.size })}</span>
            {bulk.map((action) => (
              <Button
                key={action.key}
                size="small"
                danger={action.danger === true}
                onClick={() => action.run([...selected.values()])}
              >
                {action.label}
              </Button>
            ))}
            <Button size="small" type="link" onClick={() => setSelected(new Map())}>
              {t('table.unselect')}
            </Button>
          </div>
        ) : (
          <div className={styles.tools}>{props.toolbar}</div>
        )}
        <div className={styles.own}>
          <Button
            type="text"
            icon={<ReloadOutlined spin={list.refreshing} />}
            aria-label={t('table.refresh')}
            title={t('table.refresh')}
            onClick={list.refresh}
          />
          <ColumnPicker columns={columns} visible={visible} onChange={setHidden} onReset={reset} />
        </div>
      </div>
      <Table<Row>
        columns={shown}
        dataSource={rows}
        rowKey={rowKey}
        pagination={false}
        size="middle"
        scroll={{ x: 'max-content' }}
        {...(bulk
          ? {
              rowSelection: {
                selectedRowKeys: [...selected.keys()],
                preserveSelectedRowKeys: true,
                onChange: (keys: Key[], chosen: Row[]) =>
                  setSelected(keepSelected(selected, keys.map(String), chosen, rowKey)),
                getCheckboxProps: (row: Row) => ({ 'aria-label': rowKey(row) }),
                columnTitle: (box: ReactNode) => <Heading>{box}</Heading>,
              },
            }
          : {})}
        locale={{ emptyText: <EmptyState title={t('table.none')} text={t('table.none.hint')} /> }}
      />
      {(list.hasPrevious || list.hasNext || rows.length > 0) && (
        <nav className={styles.paging} aria-label={t('table.page', { page: list.page })}>
          <span className={styles.quiet}>{t('table.rows', { count: rows.length })}</span>
          <Button
            icon={<LeftOutlined />}
            disabled={!list.hasPrevious}
            aria-label={t('table.previous')}
            onClick={list.previous}
          />
          <span className="num">{t('table.page', { page: list.page })}</span>
          <Button icon={<RightOutlined />} disabled={!list.hasNext} aria-label={t('table.next')} onClick={list.next} />
        </nav>
      )}
    </section>
  )
}

/** The table measures itself by a hidden copy of its headings, from which refs are taken: what can be pressed in it is not reached by key. */
function Heading({ children }: { children: ReactNode }) {
  const unreachable = (element: HTMLSpanElement | null) => {
    if (!element?.closest('[aria-hidden="true"]')) return
    for (const box of element.querySelectorAll<HTMLElement>('input, button')) box.tabIndex = -1
  }
  return <span ref={unreachable}>{children}</span>
}

/** A selection lives across pages: rows of other pages are kept as they were, those of this page follow the ticks. */
export function keepSelected<Row>(
  before: ReadonlyMap<string, Row>,
  keys: readonly string[],
  chosen: readonly (Row | undefined)[],
  rowKey: (row: Row) => string,
): ReadonlyMap<string, Row> {
  const here = new Map<string, Row>()
  for (const row of chosen) if (row !== undefined) here.set(rowKey(row), row)
  const after = new Map<string, Row>()
  for (const key of keys) {
    const row = here.get(key) ?? before.get(key)
    if (row !== undefined) after.set(key, row)
  }
  return after
}

function toAntd<Row>(column: Column<Row>, onOpen: ((row: Row) => void) | undefined) {
  return {
    key: column.key,
    title: column.heading === undefined ? column.title : <Heading>{column.heading}</Heading>,
    ...(column.width === undefined ? {} : { width: column.width }),
    ...(column.align === undefined ? {} : { align: column.align }),
    render: (_: unknown, row: Row) =>
      onOpen ? (
        <button type="button" className={styles.open} onClick={() => onOpen(row)}>
          {column.render(row)}
        </button>
      ) : (
        column.render(row)
      ),
  }
}
