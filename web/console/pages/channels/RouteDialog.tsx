import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App, Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { type ChannelDetail, channelKey, readPlaces } from './channel.ts'
import { words } from './channel.words.ts'
import styles from './channels.module.css'
import { Field } from './Field.tsx'

const own = 'own'

/** Leads a printed code to another store; the picture does not change. */
export function RouteDialog({ channel, onClose }: { channel: ChannelDetail; onClose: () => void }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const [to, setTo] = useState<string>()
  const [reason, setReason] = useState('')
  const places = useQuery({ queryKey: ['channels', 'places'], queryFn: readPlaces })
  const stores = (places.data ?? []).filter((place) => place.kind === 'store' && place.ref !== channel.store?.id)
  const route = useMutation({
    mutationFn: () =>
      ask(
        api.POST('/api/channels/{id}/routes', {
          params: { path: { id: channel.id } },
          body: { store_id: to === own || to === undefined ? null : to, reason: reason.trim() },
        }),
      ),
    onSuccess: async () => {
      message.success(t('route.done'))
      await queryClient.invalidateQueries({ queryKey: channelKey(channel.id) })
      onClose()
    },
  })
  return (
    <Modal
      open
      title={t('route.title')}
      okText={t('route.ok')}
      okButtonProps={{ disabled: to === undefined || reason.trim() === '', loading: route.isPending }}
      onOk={() => route.mutate()}
      onCancel={onClose}
    >
      <div className={styles.dialog}>
        <Field label={t('route.to')}>
          <Select<string>
            className={styles.wide}
            showSearch={{ optionFilterProp: 'label' }}
            {...(to === undefined ? {} : { value: to })}
            options={[
              ...(channel.routed_store === null ? [] : [{ value: own, label: t('route.back') }]),
              ...stores.map((store) => ({ value: store.ref, label: store.name })),
            ]}
            onChange={setTo}
          />
        </Field>
        <Field label={t('route.reason')} hint={t('route.reason.hint')}>
          <Input value={reason} maxLength={100} onChange={(event) => setReason(event.target.value)} />
        </Field>
        {route.error && (
          <Alert type="error" showIcon title={explain(route.error).title} description={explain(route.error).hint} />
        )}
      </div>
    </Modal>
  )
}
