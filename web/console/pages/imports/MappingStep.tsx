import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Select } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { useMay } from '../../lib/session.ts'
import styles from './imports.module.css'
import { type Import, importsKey } from './imports.ts'
import { words } from './words.ts'

/** Each column of the file and the field that it fills, with what stands in it. */
export function MappingStep({ found }: { found: Import }) {
  const t = useWords(words)
  const mayWrite = useMay('imports.write')
  const { look, id } = found
  const [mapping, setMapping] = useState<(string | null)[]>(found.mapping ?? [])
  const [faults, setFaults] = useState(found.mapping_faults)
  const save = useMutation({
    mutationFn: (next: (string | null)[]) =>
      ask(api.PUT('/api/imports/{id}/mapping', { params: { path: { id } }, body: { mapping: next } })),
    onSuccess: (saved) => setFaults(saved.mapping_faults),
  })
  const begin = useMutation({
    mutationFn: () => ask(api.POST('/api/imports/{id}/try', { params: { path: { id } } })),
    onSuccess: (now) => queryClient.setQueryData([...importsKey, id], now),
  })
  if (look === null) return <p>{t('state.uploading')}</p>
  const change = (at: number, field: string | null) => {
    const next = mapping.map((one, place) => (place === at ? field : one))
    setMapping(next)
    save.mutate(next)
  }
  const options = found.targets.map(({ id: value, name, required }) => ({
    value,
    label: required ? `${name} · ${t('map.required')}` : name,
  }))
  const failure = begin.error ?? save.error
  const refusal = failure ? explain(failure) : undefined
  const columns = exactCount(look.headers.length)
  return (
    <div className={styles.wide}>
      <p className={styles.hint}>
        {look.format === 'xlsx'
          ? t('look.xlsx', { columns })
          : t('look.csv', { columns, encoding: look.encoding.toUpperCase() })}
        {' · '}
        {t('map.intro')}
      </p>
      <div className={styles.scroll}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th>{t('map.column')}</th>
              <th>{t('map.samples')}</th>
              <th>{t('map.field')}</th>
            </tr>
          </thead>
          <tbody>
            {look.headers.map((header, at) => (
              // columns may share a name and never move
              // biome-ignore lint/suspicious/noArrayIndexKey: the place is the identity of a column
              <tr key={at}>
                <td>{header || `#${at + 1}`}</td>
                <td className={styles.samples}>
                  {look.samples
                    .slice(0, 3)
                    .map((row) => row[at] ?? '')
                    .filter((cell) => cell !== '')
                    .join(' · ')}
                </td>
                <td>
                  <Select
                    className={styles.pick ?? ''}
                    aria-label={`${header} → ${t('map.field')}`}
                    allowClear
                    disabled={!mayWrite}
                    placeholder={t('map.ignore')}
                    showSearch={{ optionFilterProp: 'label' }}
                    value={mapping[at] ?? null}
                    options={options}
                    onChange={(field: string | undefined) => change(at, field ?? null)}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {faults.map((fault) => (
        <Alert key={fault} type="warning" showIcon title={fault} />
      ))}
      {refusal && <Alert type="error" showIcon role="alert" title={refusal.title} description={refusal.hint} />}
      {mayWrite && (
        <div>
          <Button
            type="primary"
            disabled={faults.length > 0 || save.isPending}
            loading={begin.isPending}
            onClick={() => begin.mutate()}
          >
            {t('try')}
          </Button>
        </div>
      )}
    </div>
  )
}
