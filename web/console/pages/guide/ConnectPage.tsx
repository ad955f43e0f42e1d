import { useMutation } from '@tanstack/react-query'
import { App, Button, Tabs } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { PageShape } from '../../components/PageShape.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { useUrl } from '../../lib/useUrl.ts'
import { WeixinAccounts } from '../weixin/WeixinAccounts.tsx'
import { DoctorReport } from './DoctorReport.tsx'
import { GuideSteps } from './GuideSteps.tsx'
import { refreshGuide, useGuide } from './guide.ts'
import { words } from './words.ts'

/** 接入向导与体检: the steps of going live, and what the doctor found. */
export function ConnectPage() {
  const t = useWords(words)
  const { message } = App.useApp()
  const [url, changeUrl] = useUrl()
  const { data, error, refetch } = useGuide()
  const run = useMutation({
    mutationFn: () => ask(api.POST('/api/doctor/run')),
    onSuccess: async () => {
      // one toast, however often one checks
      message.success({ key: 'doctor', content: t('run.done') })
      await queryClient.invalidateQueries({ queryKey: ['doctor'] })
      await queryClient.invalidateQueries({ queryKey: ['alarms'] })
      await refreshGuide()
    },
    onError: (failure) => message.error({ key: 'doctor', content: explain(failure).title }),
  })
  const connected = data?.corp !== null
  return (
    <PageShape
      title={t('title')}
      purpose={t(connected ? 'purpose' : 'purpose.empty')}
      action={
        connected && (
          <Button type="primary" loading={run.isPending} onClick={() => run.mutate()}>
            {t(run.isPending ? 'run.busy' : 'run')}
          </Button>
        )
      }
    >
      {error && <ErrorState error={error} onRetry={() => void refetch()} inline={data !== undefined} />}
      {!data && !error && <Loading rows={8} />}
      {data && (
        <Tabs
          activeKey={url.tab === 'doctor' || url.tab === 'weixin' ? url.tab : 'steps'}
          onChange={(tab) => changeUrl({ tab: tab === 'steps' ? undefined : tab })}
          destroyOnHidden
          items={[
            { key: 'steps', label: t('tab.steps'), children: <GuideSteps guide={data} /> },
            ...(connected
              ? [
                  { key: 'weixin', label: t('tab.weixin'), children: <WeixinAccounts /> },
                  { key: 'doctor', label: t('tab.doctor'), children: <DoctorReport /> },
                ]
              : []),
          ]}
        />
      )}
    </PageShape>
  )
}
