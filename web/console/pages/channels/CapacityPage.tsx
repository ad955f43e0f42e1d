import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, InputNumber, Modal, Table, Tag } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { exactCount } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { LimitMeter } from '../../components/LimitMeter.tsx'
import { Loading } from '../../components/Loading.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { useMay } from '../../lib/session.ts'
import { words } from './capacity.words.ts'
import styles from './channels.module.css'
import { words as listWords } from './words.ts'

type Member = components['schemas']['MemberCapacity']

const levelColours = { ok: 'default', amber: 'warning', red: 'error', full: 'error' } as const

/** How full members and the corp are, when they will be, and who cannot be added now. */
export function CapacityPage() {
  const t = useWords(words)
  const tList = useWords(listWords)
  const mayCap = useMay('staff.write')
  const [editing, setEditing] = useState<Member>()
  const { data, error, refetch } = useQuery({ queryKey: ['capacity'], queryFn: () => ask(api.GET('/api/capacity')) })
  const days = (left: number | null) =>
    left === null
      ? undefined
      : left < 1
        ? t('capacity.today')
        : t('capacity.days', { count: Math.floor(left), days: exactCount(Math.floor(left)) })
  return (
    <PageShape title={t('capacity.title')} purpose={t('capacity.purpose')}>
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading rows={8} />}
      {data?.corp && (
        <Panel>
          <LimitMeter
            name={t('capacity.corp')}
            used={data.corp.customers}
            limit={data.corp.cap}
            fillsAt={days(data.corp.days_left)}
            source={t('capacity.corp.source')}
          />
        </Panel>
      )}
      {data && <Unready rows={data.unready} />}
      {data && (
        <Panel title={t('capacity.members')} flush>
          {data.members.length === 0 ? (
            <EmptyState title={t('capacity.empty')} text={t('capacity.empty.how')} />
          ) : (
            <Table<Member>
              rowKey="userid"
              size="middle"
              scroll={{ x: 720 }}
              pagination={false}
              dataSource={data.members}
              columns={[
                { title: t('capacity.column.member'), dataIndex: 'name' },
                {
                  title: t('capacity.column.used'),
                  align: 'right',
                  render: (_, row) => (
                    <span className="num">
                      {exactCount(row.customers)} / {exactCount(row.cap)}{' '}
                      <Tag color={levelColours[row.level]}>{t(`level.${row.level}`)}</Tag>
                    </span>
                  ),
                },
                {
                  title: <span title={t('capacity.pace.def')}>{t('capacity.column.pace')}</span>,
                  align: 'right',
                  render: (_, row) => <span className="num">{row.per_day.toFixed(1)}</span>,
                },
                { title: t('capacity.column.full'), render: (_, row) => days(row.days_left) ?? t('capacity.never') },
                { title: t('capacity.column.codes'), align: 'right', dataIndex: 'codes', className: 'num' },
                ...(mayCap
                  ? [
                      {
                        title: tList('column.actions'),
                        render: (_: unknown, row: Member) => (
                          <Button type="link" size="small" onClick={() => setEditing(row)}>
                            {t('capacity.cap')}
                          </Button>
                        ),
                      },
                    ]
                  : []),
              ]}
            />
          )}
        </Panel>
      )}
      {editing && <CapDialog member={editing} onClose={() => setEditing(undefined)} />}
    </PageShape>
  )
}

function Unready({ rows }: { rows: components['schemas']['UnreadyMember'][] }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const mayWrite = useMay('channels.write')
  const recheck = useMutation({
    mutationFn: (row: { userid: string; name: string }) =>
      api.POST('/api/capacity/{userid}/recheck', { params: { path: { userid: row.userid } } }),
    onSuccess: async (_, row) => {
      message.success(t('capacity.rechecked', { name: row.name }))
      await queryClient.invalidateQueries({ queryKey: ['capacity'] })
    },
    onError: (error) => message.error(explain(error).title),
  })
  return (
    <Panel title={t('capacity.unready')}>
      {rows.length === 0 && <p className={styles.quiet}>{t('capacity.unready.none')}</p>}
      <ul className={styles.routes}>
        {rows.map((row) => (
          <li key={row.userid}>
            <b>{row.name}</b> {row.said}{' '}
            {mayWrite && row.reason === 'not_addable' && (
              <Button size="small" loading={recheck.isPending} onClick={() => recheck.mutate(row)}>
                {t('capacity.recheck')}
              </Button>
            )}
            <span className={styles.hint}>{row.mend}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function CapDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const [cap, setCap] = useState<number | null>(member.cap)
  const save = useMutation({
    mutationFn: () => api.PUT('/api/capacity/{userid}', { params: { path: { userid: member.userid } }, body: { cap } }),
    onSuccess: async () => {
      message.success(t('capacity.capSaved'))
      await queryClient.invalidateQueries({ queryKey: ['capacity'] })
      onClose()
    },
    onError: (error) => message.error(explain(error).title),
  })
  return (
    <Modal
      open
      title={t('capacity.cap.title', { name: member.name })}
      confirmLoading={save.isPending}
      onOk={() => save.mutate()}
      onCancel={onClose}
    >
      <InputNumber
        className={styles.wide}
        min={1}
        max={200_000}
        value={cap}
        aria-label={t('capacity.cap')}
        onChange={setCap}
      />
      <p className={styles.hint}>{t('capacity.cap.hint')}</p>
    </Modal>
  )
}
