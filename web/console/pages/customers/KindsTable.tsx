import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Input, Modal, Popconfirm, Switch, Table, Tag } from 'antd'
import { type ReactNode, useId, useState } from 'react'
import { api } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { useMay } from '../../lib/session.ts'
import { kindsQuery, kindText } from './kindNames.ts'
import styles from './persons.module.css'
import { words } from './persons.words.ts'

type Kind = components['schemas']['IdentityKind']

/** What people can be known by: the kinds of the house and those that the brand declared. */
export function KindsTable() {
  const t = useWords(words)
  const mayDefine = useMay('customers.define')
  const { message } = App.useApp()
  const [edited, setEdited] = useState<Kind | 'new'>()
  const { data, error, refetch } = useQuery(kindsQuery)
  const remove = useMutation({
    mutationFn: (kind: string) => api.DELETE('/api/identity-kinds/{kind}', { params: { path: { kind } } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: kindsQuery.queryKey }),
    onError: (failure) => void message.error(`${explain(failure).title}${explain(failure).hint}`),
  })
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading rows={6} />
  return (
    <div className={styles.list}>
      <div className={styles.acts}>
        <p className={styles.how}>{t('kinds.how')}</p>
        {mayDefine && (
          <Button type="primary" onClick={() => setEdited('new')}>
            {t('kinds.new')}
          </Button>
        )}
      </div>
      <Table<Kind>
        dataSource={data.items}
        rowKey="kind"
        pagination={false}
        scroll={{ x: 'max-content' }}
        columns={[
          { title: t('kinds.name'), key: 'name', render: (_, one) => one.name ?? kindText(one.kind, t) },
          { title: t('kinds.code'), key: 'kind', render: (_, one) => <code>{one.kind}</code> },
          {
            title: t('kinds.proof'),
            key: 'proof',
            render: (_, one) =>
              one.strong ? <Tag color="success">{t('kinds.proof.strong')}</Tag> : <Tag>{t('kinds.proof.weak')}</Tag>,
          },
          {
            title: t('kinds.each'),
            key: 'each',
            render: (_, one) => t(one.exclusive ? 'kinds.each.one' : 'kinds.each.many'),
          },
          {
            title: t('kinds.from'),
            key: 'from',
            render: (_, one) => t(one.declared ? 'kinds.from.declared' : 'kinds.from.house'),
          },
          ...(mayDefine
            ? [
                {
                  title: t('kinds.acts'),
                  key: 'acts',
                  render: (_: unknown, one: Kind) =>
                    one.declared && (
                      <span className={styles.acts}>
                        <Button size="small" onClick={() => setEdited(one)}>
                          {t('kinds.change')}
                        </Button>
                        {!one.used && (
                          <Popconfirm
                            title={t('kinds.remove.ask', { name: one.name ?? one.kind })}
                            onConfirm={() => remove.mutate(one.kind)}
                          >
                            <Button size="small" danger>
                              {t('kinds.remove')}
                            </Button>
                          </Popconfirm>
                        )}
                      </span>
                    ),
                },
              ]
            : []),
        ]}
      />
      {edited !== undefined && (
        <KindDialog kind={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />
      )}
    </div>
  )
}

function KindDialog({ kind, onClose }: { kind: Kind | undefined; onClose: () => void }) {
  const t = useWords(words)
  const id = useId()
  const [draft, setDraft] = useState({
    kind: kind?.kind ?? '',
    name: kind?.name ?? '',
    strong: kind?.strong ?? true,
    exclusive: kind?.exclusive ?? false,
  })
  const change = (changed: Partial<typeof draft>) => setDraft({ ...draft, ...changed })
  const save = useMutation({
    mutationFn: async () => {
      const { kind: code, ...body } = { ...draft, name: draft.name.trim() }
      if (kind === undefined) await api.POST('/api/identity-kinds', { body: { kind: code, ...body } })
      else await api.PUT('/api/identity-kinds/{kind}', { params: { path: { kind: code } }, body })
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: kindsQuery.queryKey })
      onClose()
    },
  })
  const failure = save.error && explain(save.error)
  const sound = /^[a-z][a-z0-9_]{1,31}$/.test(draft.kind) && draft.name.trim() !== ''
  return (
    <Modal
      open
      title={t(kind === undefined ? 'kinds.new' : 'kinds.edit')}
      okText={t('kinds.save')}
      cancelText={t('kinds.cancel')}
      okButtonProps={{ disabled: !sound, loading: save.isPending }}
      onOk={() => save.mutate()}
      onCancel={onClose}
    >
      <div className={styles.dialog}>
        {failure && <Alert type="error" title={failure.title} description={failure.hint} role="alert" />}
        <Line id={`${id}-name`} label={t('kinds.name')}>
          <Input
            id={`${id}-name`}
            maxLength={40}
            value={draft.name}
            onChange={(event) => change({ name: event.target.value })}
          />
        </Line>
        <Line id={`${id}-code`} label={t('kinds.code')} hint={t('kinds.code.hint')}>
          <Input
            id={`${id}-code`}
            maxLength={32}
            placeholder="till_no"
            disabled={kind !== undefined}
            value={draft.kind}
            onChange={(event) => change({ kind: event.target.value })}
          />
        </Line>
        <Line id={`${id}-strong`} label={t('kinds.strong')} hint={t('kinds.strong.hint')}>
          <Switch
            id={`${id}-strong`}
            checked={draft.strong}
            disabled={kind?.used ?? false}
            onChange={(strong) => change({ strong, exclusive: strong && draft.exclusive })}
          />
        </Line>
        <Line id={`${id}-exclusive`} label={t('kinds.exclusive')} hint={t('kinds.exclusive.hint')}>
          <Switch
            id={`${id}-exclusive`}
            checked={draft.exclusive}
            disabled={!draft.strong}
            onChange={(exclusive) => change({ exclusive })}
          />
        </Line>
      </div>
    </Modal>
  )
}

function Line({ id, label, hint, children }: { id: string; label: string; hint?: string; children: ReactNode }) {
  return (
    <div className={styles.line}>
      <label htmlFor={id}>{label}</label>
      {children}
      {hint !== undefined && <p className={styles.quiet}>{hint}</p>}
    </div>
  )
}
