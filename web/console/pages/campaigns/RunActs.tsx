import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { DangerDialog } from '../../components/DangerDialog.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { useMay } from '../../lib/session.ts'
import { campaignKey, type Run } from './campaign.ts'
import { useKindWords } from './kind.ts'
import { words } from './run.words.ts'

type Act = 'pause' | 'keep' | 'resume' | 'cancel' | 'acknowledge'

const done = {
  pause: 'act.paused',
  keep: 'act.paused',
  resume: 'act.resumed',
  cancel: 'act.cancelled',
  acknowledge: 'act.acknowledged',
} as const

/** Pause, go on and stop, each with what it touches and what it cannot undo. */
export function RunActs({ campaignId, run }: { campaignId: string; run: Run }) {
  const t = useKindWords(words)
  const mayWrite = useMay('campaigns.write')
  const { message } = App.useApp()
  const [asking, setAsking] = useState<'pause' | 'cancel'>()
  const act = useMutation({
    mutationFn: (what: Act) => {
      const params = { path: { id: campaignId, run: run.id } }
      if (what === 'resume') return ask(api.POST('/api/campaigns/{id}/runs/{run}/resume', { params }))
      if (what === 'acknowledge') return ask(api.POST('/api/campaigns/{id}/runs/{run}/acknowledge', { params }))
      if (what === 'cancel') return ask(api.POST('/api/campaigns/{id}/runs/{run}/cancel', { params }))
      return ask(api.POST('/api/campaigns/{id}/runs/{run}/pause', { params, body: { take_back: what === 'pause' } }))
    },
    onSuccess: async (now, what) => {
      setAsking(undefined)
      void message.success(t(done[what]))
      queryClient.setQueryData([...campaignKey(campaignId), 'run', run.id], now)
      await queryClient.invalidateQueries({ queryKey: campaignKey(campaignId) })
    },
    onError: (error) => {
      const { title, hint } = explain(error)
      void message.error(`${title}${hint}`)
    },
  })
  if (!mayWrite) return null
  const open = (run.tasks['asked'] ?? 0) + (run.tasks['asking'] ?? 0) + (run.tasks['unknown'] ?? 0)
  const touched = {
    ...{ count: exactCount(open), confirmed: exactCount(run.tasks['confirmed'] ?? 0) },
    ...{ sent: exactCount(run.people.sent), minutes: Math.max(1, run.stop_minutes) },
  }
  return (
    <>
      {run.may.resume && (
        <Button type="primary" loading={act.isPending} onClick={() => act.mutate('resume')}>
          {t('act.resume')}
        </Button>
      )}
      {run.may.pause && <Button onClick={() => setAsking('pause')}>{t('act.pause')}</Button>}
      {run.may.acknowledge && (
        <Button type="primary" loading={act.isPending} onClick={() => act.mutate('acknowledge')}>
          {t('act.acknowledge')}
        </Button>
      )}
      {run.may.cancel && (
        <Button danger onClick={() => setAsking('cancel')}>
          {t('act.cancel')}
        </Button>
      )}
      <DangerDialog
        open={asking !== undefined}
        title={t(asking === 'cancel' ? 'act.cancel' : 'act.pause')}
        text={t(asking === 'cancel' ? 'act.cancel.sure' : 'act.pause.sure', touched)}
        act={t(asking === 'cancel' ? 'act.cancel.title' : 'act.pause.title', touched)}
        // whoever it has reached is past touching; a pause can be taken back
        people={asking === 'cancel' ? run.people.planned - run.people.sent : 0}
        pending={act.isPending && act.variables !== 'keep'}
        onAct={() => asking && act.mutate(asking)}
        onBack={() => setAsking(undefined)}
        beside={
          asking === 'pause' && (
            <Button loading={act.isPending && act.variables === 'keep'} onClick={() => act.mutate('keep')}>
              {t('act.pause.keep')}
            </Button>
          )
        }
      />
    </>
  )
}
