import { MoreOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { App, Button, Dropdown, Input, Modal } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { type ChannelRow, listPath } from './channel.ts'
import styles from './channels.module.css'
import { words } from './words.ts'

type Actionable = Pick<ChannelRow, 'id' | 'name' | 'status' | 'adds_7d'>

/** The same verbs wherever a channel is shown. */
export function ChannelActions({ row, mayWrite, wide }: { row: Actionable; mayWrite: boolean; wide?: boolean }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const navigate = useNavigate()
  const [deleting, setDeleting] = useState(false)
  const change = useMutation({
    mutationFn: (verb: 'stop' | 'start') =>
      ask(api.POST(`/api/channels/{id}/${verb}`, { params: { path: { id: row.id } } })),
    onSuccess: async (_, verb) => {
      message.success(t(verb === 'stop' ? 'done.stopped' : 'done.started', { name: row.name }))
      await queryClient.invalidateQueries({ queryKey: ['channels'] })
    },
    onError: (error) => message.error(explain(error).title),
  })
  const items = [
    {
      key: 'print',
      label: (
        <a href={`/api/channels/sheet?ids=${row.id}`} target="_blank" rel="noreferrer">
          {t('row.print')}
        </a>
      ),
    },
    ...(mayWrite
      ? [
          {
            key: 'copy',
            label: t('row.copy'),
            onClick: () => void navigate({ to: `${listPath}/new`, search: { copy: row.id } as never }),
          },
          row.status === 'active'
            ? { key: 'stop', label: t('row.stop'), onClick: () => change.mutate('stop') }
            : { key: 'start', label: t('row.start'), onClick: () => change.mutate('start') },
          { key: 'delete', danger: true, label: t('row.delete'), onClick: () => setDeleting(true) },
        ]
      : []),
  ]
  return (
    <span className={styles.actions}>
      {!wide && <Link to={`${listPath}/${row.id}`}>{t('row.data')}</Link>}
      {mayWrite &&
        (wide ? (
          <Button type="primary" onClick={() => void navigate({ to: `${listPath}/${row.id}/edit` })}>
            {t('row.edit')}
          </Button>
        ) : (
          <Link to={`${listPath}/${row.id}/edit`}>{t('row.edit')}</Link>
        ))}
      <Dropdown trigger={['click']} menu={{ items }}>
        <Button
          type={wide ? 'default' : 'text'}
          size={wide ? 'middle' : 'small'}
          icon={<MoreOutlined />}
          aria-label={t('row.more', { name: row.name })}
        />
      </Dropdown>
      {deleting && <DeleteDialog row={row} onClose={() => setDeleting(false)} />}
    </span>
  )
}

/** Printed copies cannot be called back, so the name is typed. */
function DeleteDialog({ row, onClose }: { row: Actionable; onClose: () => void }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const remove = useMutation({
    mutationFn: () => api.DELETE('/api/channels/{id}', { params: { path: { id: row.id } } }),
    onSuccess: async () => {
      message.success(t('done.deleted', { name: row.name }))
      await navigate({ to: listPath })
      await queryClient.invalidateQueries({ queryKey: ['channels', 'list'] })
    },
    onError: (error) => message.error(explain(error).title),
  })
  return (
    <Modal
      open
      title={t('delete.title', { name: row.name })}
      okText={t('delete.ok')}
      okButtonProps={{ danger: true, disabled: typed.trim() !== row.name, loading: remove.isPending }}
      onOk={() => remove.mutate()}
      onCancel={onClose}
    >
      <p>{t('delete.text', { count: row.adds_7d })}</p>
      <Input
        aria-label={t('delete.type')}
        placeholder={t('delete.type')}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </Modal>
  )
}
