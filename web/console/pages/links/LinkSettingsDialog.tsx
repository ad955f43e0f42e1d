import { useMutation } from '@tanstack/react-query'
import { App, Checkbox, Form, Input, Modal } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { linksKey, settingsFault, urlsOf } from './links.ts'
import { useLinkSettings } from './useLinkSettings.ts'
import { words } from './words.ts'

/** Domains, whether visitors are known, and the parameter for one's own statistics. */
export function LinkSettingsDialog({ onClose }: { onClose: () => void }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const { data, error, refetch } = useLinkSettings()
  const [urls, setUrls] = useState<string>()
  const [know, setKnow] = useState<boolean>()
  const [parameter, setParameter] = useState<string>()
  const shown = {
    urls: urls ?? data?.urls.join('\n') ?? '',
    know: know ?? data?.know_customers ?? false,
    parameter: parameter ?? data?.parameter ?? '',
  }
  const fault = settingsFault(urlsOf(shown.urls), shown.parameter)
  const save = useMutation({
    mutationFn: () =>
      ask(
        api.PUT('/api/links/settings', {
          body: {
            urls: urlsOf(shown.urls),
            know_customers: shown.know,
            parameter: shown.parameter === '' ? null : shown.parameter,
          },
        }),
      ),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: linksKey })
      void message.success(t('saved'))
      onClose()
    },
    onError: (failure) => void message.error(`${explain(failure).title}${explain(failure).hint}`),
  })
  return (
    <Modal
      open
      title={t('settings')}
      okText={t('save')}
      cancelText={t('cancel')}
      okButtonProps={{ disabled: !data || fault !== undefined, loading: save.isPending }}
      onOk={() => save.mutate()}
      onCancel={onClose}
    >
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} inline />}
      {!data && !error && <Loading rows={3} />}
      {data && (
        <Form layout="vertical">
          <Form.Item
            label={t('field.urls')}
            htmlFor="link-urls"
            extra={t('field.urls.hint')}
            {...(fault === 'urls' && { validateStatus: 'error', help: t('fault.urls') })}
          >
            <Input.TextArea
              id="link-urls"
              autoSize={{ minRows: 2, maxRows: 5 }}
              value={shown.urls}
              onChange={(event) => setUrls(event.target.value)}
            />
          </Form.Item>
          <Form.Item extra={t('field.know.hint')}>
            <Checkbox checked={shown.know} onChange={(event) => setKnow(event.target.checked)}>
              {t('field.know')}
            </Checkbox>
          </Form.Item>
          <Form.Item
            label={t('field.parameter')}
            htmlFor="link-parameter"
            extra={t('field.parameter.hint')}
            {...(fault === 'parameter' && { validateStatus: 'error', help: t('fault.parameter') })}
          >
            <Input
              id="link-parameter"
              maxLength={32}
              value={shown.parameter}
              onChange={(event) => setParameter(event.target.value.trim())}
            />
          </Form.Item>
        </Form>
      )}
    </Modal>
  )
}
