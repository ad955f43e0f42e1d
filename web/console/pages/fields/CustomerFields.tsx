import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, Button, DatePicker, Input, InputNumber, Select } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { useMay } from '../../lib/session.ts'
import styles from './fields.module.css'
import { changesOf, type FieldValue, type FieldWithValue } from './fields.ts'
import { words } from './words.ts'

type Draft = Readonly<Record<string, FieldValue>>

/** On a customer's page: the brand's own fields, with where each value is from, and their editing. */
export function CustomerFields({ id }: { id: number }) {
  const t = useWords(words)
  const mayWrite = useMay('customers.write')
  const [draft, setDraft] = useState<Draft>()
  const key = ['customers', 'fields', id] as const
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: () => ask(api.GET('/api/customers/{id}/fields', { params: { path: { id } } })),
  })
  const items = data?.items ?? []
  const save = useMutation({
    mutationFn: async (values: Draft) => {
      const changes = changesOf(items, values)
      if (Object.keys(changes).length > 0)
        await api.PUT('/api/customers/{id}/fields', { params: { path: { id } }, body: { values: changes } })
    },
    onSuccess: async () => {
      setDraft(undefined)
      await queryClient.invalidateQueries({ queryKey: ['customers'] })
    },
  })
  const failure = save.error && explain(save.error)
  return (
    <Panel
      title={t('values.title')}
      aside={
        mayWrite &&
        items.length > 0 &&
        draft === undefined && (
          <Button size="small" onClick={() => setDraft({})}>
            {t('values.edit')}
          </Button>
        )
      }
    >
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading rows={3} />}
      {data && items.length === 0 && <p className={styles.quiet}>{t('values.none')}</p>}
      {draft === undefined ? (
        <dl className={styles.values}>
          {items.map((item) => (
            <div key={item.id}>
              <dt>{item.name}</dt>
              <dd>
                <Shown item={item} />
              </dd>
            </div>
          ))}
        </dl>
      ) : (
        <div className={styles.form}>
          {failure && <Alert type="error" title={failure.title} description={failure.hint} role="alert" />}
          {items.map((item) => (
            <div key={item.id} className={styles.field}>
              <label htmlFor={`field-${item.id}`}>{item.name}</label>
              {item.editable ? (
                <Editor
                  item={item}
                  value={item.id in draft ? (draft[item.id] ?? null) : item.value}
                  onChange={(value) => setDraft({ ...draft, [item.id]: value })}
                />
              ) : (
                <span className={styles.quiet}>{t('values.hidden')}</span>
              )}
            </div>
          ))}
          <div className={styles.foot}>
            <Button type="primary" loading={save.isPending} onClick={() => save.mutate(draft)}>
              {t('save')}
            </Button>
            <Button onClick={() => setDraft(undefined)}>{t('cancel')}</Button>
          </div>
        </div>
      )}
    </Panel>
  )
}

function Shown({ item: { value, updated_at, source } }: { item: FieldWithValue }) {
  const t = useWords(words)
  if (value === null) return <span className={styles.quiet}>{t('values.empty')}</span>
  const from = source === 'import' ? t('source.import') : t('source.person')
  return (
    <>
      <div className="num">{Array.isArray(value) ? value.join(t('list')) : value}</div>
      <div className={styles.quiet}>
        {t('updated', { source: from })}
        {updated_at !== null && <Ago at={updated_at} />}
      </div>
    </>
  )
}

function Editor({
  item,
  value,
  onChange,
}: {
  item: FieldWithValue
  value: FieldValue
  onChange: (value: FieldValue) => void
}) {
  const shared = { id: `field-${item.id}`, className: styles.wide ?? '' }
  const kept = new Set([value ?? []].flat().map(String))
  const options = item.choices
    .filter((one) => !one.archived || kept.has(one.value))
    .map((one) => ({ value: one.value, label: one.value }))
  switch (item.kind) {
    case 'text':
      return (
        <Input
          {...shared}
          maxLength={item.bounds.most ?? 200}
          value={typeof value === 'string' ? value : ''}
          onChange={(event) => onChange(event.target.value)}
        />
      )
    case 'number':
      return (
        <InputNumber
          {...shared}
          value={typeof value === 'number' ? value : null}
          precision={item.bounds.decimals ?? 0}
          onChange={(given) => onChange(given)}
        />
      )
    case 'date':
      return (
        <DatePicker
          {...shared}
          value={typeof value === 'string' ? dayjs(value) : null}
          onChange={(given) => onChange(given === null ? null : given.format('YYYY-MM-DD'))}
        />
      )
    case 'choice':
      return (
        <Select<string | null>
          {...shared}
          allowClear
          options={options}
          value={typeof value === 'string' ? value : null}
          onChange={(given) => onChange(given ?? null)}
        />
      )
    case 'choices':
      return (
        <Select<string[]>
          {...shared}
          mode="multiple"
          options={options}
          value={Array.isArray(value) ? value : []}
          onChange={onChange}
        />
      )
  }
}
