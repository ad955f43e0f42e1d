import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App, Checkbox, Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { accountsKey } from '../weixin/standing.ts'
import { words as capacityWords } from './capacity.words.ts'
import { words } from './channel.words.ts'
import styles from './channels.module.css'
import { Field } from './Field.tsx'

interface LandingSettings {
  url: string | null
  know_customers: boolean
  asked_by: string | null
}

const key = ['channels', 'landing-settings']

/** What all landing pages of the corp share: their domain, and whether they ask who the visitor is. */
export function LandingDialog({ onClose }: { onClose: () => void }) {
  const t = useWords(words)
  const tCapacity = useWords(capacityWords)
  const { message } = App.useApp()
  const [typed, setTyped] = useState<LandingSettings>()
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: () => ask(api.GET('/api/channels/landing-settings')),
  })
  const accounts = useQuery({ queryKey: accountsKey, queryFn: () => ask(api.GET('/api/weixin/accounts')) })
  const official = (accounts.data?.items ?? []).filter((one) => one.kind === 'official_account')
  const shown = typed ?? data
  const save = useMutation({
    mutationFn: (settings: LandingSettings) => ask(api.PUT('/api/channels/landing-settings', { body: settings })),
    onSuccess: async () => {
      message.success(tCapacity('capacity.capSaved'))
      await queryClient.invalidateQueries({ queryKey: ['channels'] })
      onClose()
    },
  })
  return (
    <Modal
      open
      title={t('landing.title')}
      okButtonProps={{ disabled: typed === undefined, loading: save.isPending }}
      onOk={() => typed && save.mutate(typed)}
      onCancel={onClose}
    >
      <div className={styles.dialog}>
        <p>{t('landing.text')}</p>
        {error && <ErrorState error={error} onRetry={() => void refetch()} inline />}
        {!shown && !error && <Loading rows={3} />}
        {shown && (
          <>
            <Field label={t('landing.url')} hint={t('landing.url.hint')}>
              <Input
                value={shown.url ?? ''}
                onChange={(event) => setTyped({ ...shown, url: event.target.value.trim() || null })}
              />
            </Field>
            <div className={styles.field}>
              <Checkbox
                checked={shown.know_customers}
                onChange={(event) => setTyped({ ...shown, know_customers: event.target.checked })}
              >
                {t('landing.know')}
              </Checkbox>
              <span className={styles.hint}>{t('landing.know.hint')}</span>
            </div>
            {shown.know_customers && official.length > 0 && (
              <Field label={t('landing.askedBy')} hint={t('landing.askedBy.hint')}>
                <Select
                  value={shown.asked_by ?? ''}
                  onChange={(appid) => setTyped({ ...shown, asked_by: appid === '' ? null : appid })}
                  options={[
                    { value: '', label: t('landing.askedBy.wecom') },
                    ...official.map(({ appid, name }) => ({ value: appid, label: name })),
                  ]}
                />
              </Field>
            )}
          </>
        )}
        {save.error && (
          <Alert type="error" showIcon title={explain(save.error).title} description={explain(save.error).hint} />
        )}
      </div>
    </Modal>
  )
}
