import { MoreOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, Dropdown } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { DangerDialog } from '../../components/DangerDialog.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { useMay } from '../../lib/session.ts'
import { type CampaignDetail, campaignKey, campaignsKey } from './campaign.ts'
import styles from './campaigns.module.css'
import { words } from './detail.words.ts'
import { kindPaths, useKindWords } from './kind.ts'
import { words as listWords } from './words.ts'

/** What may be done with a campaign as it stands. */
export function CampaignActs({ campaign }: { campaign: CampaignDetail }) {
  const t = useKindWords(words)
  const tList = useKindWords(listWords)
  const path = kindPaths[campaign.kind]
  const navigate = useNavigate()
  const mayWrite = useMay('campaigns.write')
  const { message, modal } = App.useApp()
  const [cancelling, setCancelling] = useState(false)
  const { id, state } = campaign
  const edit = () => void navigate({ to: `${path}/${id}/edit` })
  const fail = (error: unknown) => {
    const { title, hint } = explain(error)
    void message.error(`${title}${hint}`)
  }
  const copy = useMutation({
    mutationFn: (template: boolean) =>
      ask(
        api.POST('/api/campaigns/{id}/copy', {
          params: { path: { id } },
          body: { name: tList('copy.name', { name: campaign.name.slice(0, 50) }), template },
        }),
      ),
    onSuccess: async (made, template) => {
      void message.success(template ? t('template.done') : tList('copied'))
      await queryClient.invalidateQueries({ queryKey: campaignsKey })
      await navigate({ to: `${path}/${made.id}/edit` })
    },
    onError: fail,
  })
  const cancel = useMutation({
    mutationFn: () => ask(api.POST('/api/campaigns/{id}/cancel', { params: { path: { id } } })),
    onSuccess: (now) => {
      setCancelling(false)
      queryClient.setQueryData(campaignKey(id), now)
      void message.success(t('cancelled.done'))
      return queryClient.invalidateQueries({ queryKey: campaignsKey })
    },
    onError: fail,
  })
  const remove = useMutation({
    mutationFn: () => api.DELETE('/api/campaigns/{id}', { params: { path: { id } } }),
    onSuccess: async () => {
      void message.success(t('deleted.done'))
      await navigate({ to: path })
      await queryClient.invalidateQueries({ queryKey: campaignsKey })
    },
    onError: fail,
  })
  if (!mayWrite) return null
  const voids = state === 'waiting' || state === 'approved'
  const mayEdit = state === 'draft' || voids || (state === 'live' && campaign.schedule.kind === 'recurring')
  const ask_ = (title: string, content: string, onOk: () => void, danger: boolean) =>
    modal.confirm({
      ...{ title, content, okText: title, cancelText: tList('back'), onOk },
      okButtonProps: { danger },
    })
  const rest = [
    ...(campaign.template ? [] : [{ key: 'template', label: t('act.template'), onClick: () => copy.mutate(true) }]),
    ...(state === 'draft' && campaign.runs.length === 0
      ? [
          {
            ...{ key: 'delete', label: t('act.delete'), danger: true },
            onClick: () => ask_(t('act.delete'), t('delete.sure'), () => remove.mutate(), true),
          },
        ]
      : []),
    ...(state === 'ended' || state === 'cancelled' || campaign.template
      ? []
      : [
          {
            ...{ key: 'cancel', label: t('act.cancel'), danger: true },
            onClick: () => setCancelling(true),
          },
        ]),
  ]
  return (
    <div className={styles.acts}>
      {campaign.template ? (
        <Button type="primary" loading={copy.isPending} onClick={() => copy.mutate(false)}>
          {t('act.use')}
        </Button>
      ) : (
        <Button loading={copy.isPending} onClick={() => copy.mutate(false)}>
          {t('act.copy')}
        </Button>
      )}
      {mayEdit && (
        <Button
          type={state === 'draft' && !campaign.template ? 'primary' : 'default'}
          onClick={() => (voids || state === 'live' ? ask_(t('edit.anyway'), t('edit.voids.how'), edit, true) : edit())}
        >
          {t('act.edit')}
        </Button>
      )}
      {rest.length > 0 && (
        <Dropdown trigger={['click']} menu={{ items: rest }}>
          <Button icon={<MoreOutlined />} aria-label={tList('column.acts')} />
        </Dropdown>
      )}
      <DangerDialog
        open={cancelling}
        title={t('act.cancel')}
        text={t('cancel.sure')}
        act={t('act.cancel')}
        people={state === 'draft' ? 0 : (campaign.submission?.recipients ?? 0)}
        pending={cancel.isPending}
        onAct={() => cancel.mutate()}
        onBack={() => setCancelling(false)}
      />
    </div>
  )
}
