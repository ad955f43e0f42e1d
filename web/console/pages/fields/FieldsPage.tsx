import { ArrowDownOutlined, ArrowUpOutlined } from '@ant-design/icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, Popconfirm, Table, Tag } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { type Say, useWords } from '#shared/i18n/words.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { useMay } from '../../lib/session.ts'
import { useUrl } from '../../lib/useUrl.ts'
import { FieldDrawer } from './FieldDrawer.tsx'
import styles from './fields.module.css'
import { type CustomField, fieldsKey, moved } from './fields.ts'
import { type FieldWords, words } from './words.ts'

/** The fields of a brand: their order is that of the customer's page. */
export function FieldsPage() {
  const t = useWords(words)
  const mayDefine = useMay('customers.define')
  const { message } = App.useApp()
  const [url, changeUrl] = useUrl()
  const { data, error, refetch } = useQuery({
    queryKey: fieldsKey,
    queryFn: () => ask(api.GET('/api/custom-fields')),
  })
  const act = useMutation({
    mutationFn: (work: () => Promise<unknown>) => work(),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: fieldsKey }),
    onError: (failure) => void message.error(`${explain(failure).title}${explain(failure).hint}`),
  })
  const fields = data?.items ?? []
  const open = url['open']
  const edited = fields.find((field) => field.id === open)
  const move = (id: string, by: -1 | 1) => {
    const ids = moved(fields, id, by)
    if (ids) act.mutate(() => api.PUT('/api/custom-fields/order', { body: { ids } }))
  }
  const create = mayDefine && (
    <Button type="primary" onClick={() => changeUrl({ open: 'new' }, { push: true })}>
      {t('create')}
    </Button>
  )
  return (
    <PageShape title={t('title')} purpose={t('purpose')} action={create}>
      <Panel flush>
        {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
        {!data && !error && <Loading rows={6} />}
        {data && fields.length === 0 && <EmptyState title={t('none')} text={t('none.how')} action={create} />}
        {fields.length > 0 && (
          <Table<CustomField>
            dataSource={fields}
            rowKey="id"
            pagination={false}
            scroll={{ x: 'max-content' }}
            columns={[
              {
                title: t('column.name'),
                key: 'name',
                render: (_, field) =>
                  mayDefine ? (
                    <Button
                      type="link"
                      className={styles.name ?? ''}
                      onClick={() => changeUrl({ open: field.id }, { push: true })}
                    >
                      {field.name}
                    </Button>
                  ) : (
                    field.name
                  ),
              },
              { title: t('column.kind'), key: 'kind', render: (_, field) => t(`kind.${field.kind}`) },
              { title: t('column.rule'), key: 'rule', render: (_, field) => ruleText(field, t) },
              {
                title: t('column.personal'),
                key: 'personal',
                render: (_, field) => t(field.personal ? 'personal.yes' : 'personal.no'),
              },
              {
                title: t('column.state'),
                key: 'state',
                render: (_, field) =>
                  field.archived_at === null ? (
                    <Tag color="success">{t('state.used')}</Tag>
                  ) : (
                    <Tag>{t('state.archived')}</Tag>
                  ),
              },
              ...(mayDefine
                ? [
                    {
                      title: t('column.acts'),
                      key: 'acts',
                      render: (_: unknown, field: CustomField) => (
                        <Acts
                          field={field}
                          first={moved(fields, field.id, -1) === undefined}
                          last={moved(fields, field.id, 1) === undefined}
                          onMove={(by) => move(field.id, by)}
                          onArchive={(verb) =>
                            act.mutate(() => {
                              const params = { params: { path: { id: field.id } } }
                              return verb === 'archive'
                                ? api.POST('/api/custom-fields/{id}/archive', params)
                                : api.POST('/api/custom-fields/{id}/restore', params)
                            })
                          }
                        />
                      ),
                    },
                  ]
                : []),
            ]}
          />
        )}
      </Panel>
      {(open === 'new' || edited) && (
        <FieldDrawer
          key={open}
          field={open === 'new' ? undefined : edited}
          onClose={() => changeUrl({ open: undefined })}
        />
      )}
    </PageShape>
  )
}

function Acts({
  field,
  first,
  last,
  onMove,
  onArchive,
}: {
  field: CustomField
  first: boolean
  last: boolean
  onMove: (by: -1 | 1) => void
  onArchive: (verb: 'archive' | 'restore') => void
}) {
  const t = useWords(words)
  if (field.archived_at !== null)
    return (
      <Button size="small" onClick={() => onArchive('restore')}>
        {t('restore')}
      </Button>
    )
  return (
    <div className={styles.acts}>
      <Button
        size="small"
        type="text"
        icon={<ArrowUpOutlined />}
        aria-label={t('up', { name: field.name })}
        disabled={first}
        onClick={() => onMove(-1)}
      />
      <Button
        size="small"
        type="text"
        icon={<ArrowDownOutlined />}
        aria-label={t('down', { name: field.name })}
        disabled={last}
        onClick={() => onMove(1)}
      />
      <Popconfirm
        title={t('archive')}
        description={t('archive.text')}
        okText={t('archive')}
        cancelText={t('cancel')}
        onConfirm={() => onArchive('archive')}
      >
        <Button size="small">{t('archive')}</Button>
      </Popconfirm>
    </div>
  )
}

function ruleText({ kind, bounds, choices }: CustomField, t: Say<FieldWords>): string {
  if (kind === 'text') return t('rule.most', { most: bounds.most ?? 200 })
  if (kind === 'choice' || kind === 'choices') {
    const offered = choices.filter((one) => !one.archived).map((one) => one.value)
    return t('rule.choices', { choices: offered.join(t('list')) })
  }
  if (kind !== 'number') return '–'
  const { least, greatest, decimals } = bounds
  return (
    [
      ...(least !== undefined && greatest !== undefined
        ? [t('rule.range', { least, greatest })]
        : [
            ...(least === undefined ? [] : [t('rule.least', { least })]),
            ...(greatest === undefined ? [] : [t('rule.greatest', { greatest })]),
          ]),
      ...(decimals ? [t('rule.decimals', { decimals })] : []),
    ].join(t('list')) || '–'
  )
}
