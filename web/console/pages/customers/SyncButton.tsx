import { SyncOutlined } from '@ant-design/icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../lib/explain.ts'
import { useMay } from '../../lib/session.ts'
import { syncKey } from './customers.ts'
import { words } from './sync.words.ts'
import { isLive, syncQuery } from './syncQuery.ts'

/** «立即同步»: reads members and customers again; nothing to press while one runs. */
export function SyncButton() {
  const t = useWords(words)
  const mayStart = useMay('customers.sync')
  const client = useQueryClient()
  const { message } = App.useApp()
  const running = useQuery(syncQuery).data?.runs.some(isLive) ?? false
  const begin = useMutation({
    mutationFn: () => ask(api.POST('/api/customer-sync')),
    onSuccess: () => {
      void message.success(t('sync.begun'))
      return client.invalidateQueries({ queryKey: syncKey })
    },
    onError: (error) => void message.error(explain(error).title),
  })
  if (!mayStart) return null
  return (
    <Button
      type="primary"
      icon={<SyncOutlined spin={running} />}
      loading={begin.isPending}
      disabled={running}
      onClick={() => begin.mutate()}
    >
      {t('sync.now')}
    </Button>
  )
}
