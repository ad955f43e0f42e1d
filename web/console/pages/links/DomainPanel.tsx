import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { FactList } from '../../components/FactList.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { useMay } from '../../lib/session.ts'
import { linksKey } from './links.ts'
import { useLinkSettings } from './useLinkSettings.ts'
import { words } from './words.ts'

/** The domain that links lead from, and the one click that puts the next in its place. */
export function DomainPanel() {
  const t = useWords(words)
  const { message, modal } = App.useApp()
  const mayReplace = useMay('campaigns.write')
  const { data } = useLinkSettings()
  const replace = useMutation({
    mutationFn: (blocked: string) => ask(api.POST('/api/links/replace-domain', { body: { blocked } })),
    onSuccess: async ({ site }) => {
      await queryClient.invalidateQueries({ queryKey: linksKey })
      void message.success(t('domain.replaced', { site }))
    },
    onError: (failure) => void message.error(`${explain(failure).title}${explain(failure).hint}`),
  })
  if (!data) return null
  const [inUse, next] = data.urls
  const confirm = (): void => {
    if (inUse === undefined || next === undefined) return
    modal.confirm({
      title: t('domain.replace'),
      content: t('domain.replace.how', { next }),
      okText: t('domain.replace'),
      cancelText: t('cancel'),
      onOk: () => replace.mutateAsync(inUse).catch(() => undefined),
    })
  }
  return (
    <Panel>
      <FactList
        facts={[
          { label: t('domain.now'), value: data.site },
          ...(mayReplace
            ? [
                {
                  label: t('domain.replace'),
                  value:
                    next === undefined ? (
                      t('domain.none')
                    ) : (
                      <Button size="small" loading={replace.isPending} onClick={confirm}>
                        {t('domain.replace')}
                      </Button>
                    ),
                },
              ]
            : []),
        ]}
      />
    </Panel>
  )
}
