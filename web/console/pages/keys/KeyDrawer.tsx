import { useMutation } from '@tanstack/react-query'
import { Alert, App, Button, Drawer, Popconfirm, Tag } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { FactList } from '../../components/FactList.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { useMay } from '../../lib/session.ts'
import styles from '../commerce/commerce.module.css'
import { Copyable } from '../guide/Copy.tsx'
import { type ApiKey, keysKey, scopeName } from './keys.ts'
import { NewKeyForm } from './NewKeyForm.tsx'
import { words } from './words.ts'

/** A new key, whose secret is shown once, or one that exists. */
export function KeyDrawer({ opened, onClose }: { opened: 'new' | ApiKey | undefined; onClose: () => void }) {
  const t = useWords(words)
  const [secret, setSecret] = useState<string>()
  const close = () => {
    setSecret(undefined)
    onClose()
  }
  const title = opened === undefined || opened === 'new' ? t('new.title') : t('detail.title', { name: opened.name })
  return (
    <Drawer
      open={opened !== undefined}
      onClose={close}
      size={560}
      title={title}
      destroyOnHidden
      // a click beside it must not lose what is shown once
      mask={{ closable: secret === undefined }}
    >
      {opened === 'new' && secret === undefined && <NewKeyForm onMade={setSecret} />}
      {opened === 'new' && secret !== undefined && (
        <div className={styles.form}>
          <Alert type="warning" showIcon title={t('made.title')} description={t('made.text')} />
          <div className={styles.secret}>
            <Copyable label={t('made.secret')} value={secret} />
          </div>
          <div>
            <Button type="primary" onClick={close}>
              {t('made.done')}
            </Button>
          </div>
        </div>
      )}
      {opened !== undefined && opened !== 'new' && <Existing apiKey={opened} />}
    </Drawer>
  )
}

function Existing({ apiKey }: { apiKey: ApiKey }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const mayWrite = useMay('keys.write')
  const revoke = useMutation({
    mutationFn: () => ask(api.POST('/api/keys/{id}/revoke', { params: { path: { id: apiKey.id } } })),
    onSuccess: async () => {
      message.success(t('revoked'))
      await queryClient.invalidateQueries({ queryKey: keysKey })
    },
    onError: (error) => void message.error(explain(error).title),
  })
  return (
    <div className={styles.drawer}>
      {!mayWrite && <Alert type="info" showIcon title={t('readonly')} />}
      <FactList
        facts={[
          { label: t('column.prefix'), value: <code>{apiKey.prefix}…</code> },
          { label: t('column.limit'), value: exactCount(apiKey.per_minute) },
          {
            label: t('column.created'),
            value:
              apiKey.created_by === null
                ? exactTime(apiKey.created_at)
                : t('createdBy', { name: apiKey.created_by, at: exactTime(apiKey.created_at) }),
          },
          {
            label: t('column.used'),
            value: apiKey.last_used_at === null ? t('never') : exactTime(apiKey.last_used_at),
          },
        ]}
      />
      <div className={styles.tags}>
        {apiKey.scopes.map((scope) => (
          <Tag key={scope}>{scopeName(scope, t)}</Tag>
        ))}
      </div>
      {apiKey.revoked_at !== null && (
        <p className={styles.none}>{t('revoked.at', { at: exactTime(apiKey.revoked_at) })}</p>
      )}
      {apiKey.revoked_at === null && mayWrite && (
        <div>
          <Popconfirm
            title={t('revoke.sure', { name: apiKey.name })}
            okButtonProps={{ danger: true }}
            okText={t('revoke')}
            onConfirm={() => revoke.mutate()}
          >
            <Button danger loading={revoke.isPending}>
              {t('revoke')}
            </Button>
          </Popconfirm>
        </div>
      )}
    </div>
  )
}
