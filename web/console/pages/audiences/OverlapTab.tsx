import { useQuery } from '@tanstack/react-query'
import { Select, Table } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactCount, share } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { scrolledByKey } from '../../lib/scrolledByKey.ts'
import { words } from './audience.words.ts'
import styles from './audiences.module.css'
import { audiencesKey } from './audiences.ts'

/** How many of this audience are in others too. */
export function OverlapTab({ id, size }: { id: string; size: number }) {
  const t = useWords(words)
  const [others, setOthers] = useState<string[]>([])
  const all = useQuery({ queryKey: [...audiencesKey, 'list'], queryFn: () => ask(api.GET('/api/audiences')) }).data
    ?.items
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: [...audiencesKey, 'overlap', id, others, size],
    queryFn: () => ask(api.POST('/api/audiences/overlap', { body: { ids: [id, ...others] } })),
    enabled: others.length > 0,
  })
  const sizes = new Map(data?.sizes.map((one) => [one.id, one.size]))
  const own = sizes.get(id) ?? size
  const rows = others.flatMap((other) => {
    const both = data?.pairs.find((one) => [one.a, one.b].includes(id) && [one.a, one.b].includes(other))?.both
    const name = all?.find((one) => one.id === other)?.name ?? ''
    return both === undefined ? [] : [{ id: other, name, size: sizes.get(other) ?? 0, both }]
  })
  return (
    <div className={styles.stack}>
      <Select<string[]>
        mode="multiple"
        className={styles.wide ?? ''}
        aria-label={t('overlap.choose')}
        placeholder={t('overlap.choose')}
        maxCount={5}
        optionFilterProp="label"
        value={others}
        options={(all ?? []).filter((one) => one.id !== id).map((one) => ({ value: one.id, label: one.name }))}
        onChange={setOthers}
      />
      {others.length === 0 && <p className={styles.quiet}>{t('overlap.none')}</p>}
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {others.length > 0 && !error && (
        <div ref={(around) => scrolledByKey(around)}>
          <Table
            size="middle"
            pagination={false}
            loading={isFetching && rows.length === 0}
            rowKey="id"
            dataSource={rows}
            scroll={{ x: 'max-content' }}
            columns={[
              { title: t('overlap.column'), dataIndex: 'name' },
              { title: t('overlap.size'), align: 'right', render: (_, row) => exactCount(row.size) },
              { title: t('overlap.both'), align: 'right', render: (_, row) => exactCount(row.both) },
              { title: t('overlap.share'), align: 'right', render: (_, row) => share(own === 0 ? 0 : row.both / own) },
            ]}
          />
        </div>
      )}
    </div>
  )
}
