import { useMutation } from '@tanstack/react-query'
import { Alert, App, Button, Popconfirm, Tag } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { explain } from '../../lib/explain.ts'
import { Copyable } from './Copy.tsx'
import styles from './guide.module.css'
import { type AppKey, type Guide, refreshGuide } from './guide.ts'
import { words } from './words.ts'

/** An app's callback address: keys made and shown once, the self-test, and what the platform did with it. */
export function CallbackKeys({ guide, appKey }: { guide: Guide; appKey: AppKey }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const app = guide.apps.find((one) => one.app_key === appKey)
  const params = { params: { path: { app_key: appKey } } }
  const failed = (error: Error) => message.error(explain(error).title)
  const make = useMutation({
    mutationFn: () => ask(api.POST('/api/guide/apps/{app_key}/callback', params)),
    onSuccess: refreshGuide,
    onError: failed,
  })
  const test = useMutation({
    mutationFn: () => ask(api.POST('/api/guide/apps/{app_key}/self-test', params)),
    onError: failed,
  })
  const made = make.data
  return (
    <div className={styles.stack}>
      {made !== undefined && <Alert type="warning" showIcon title={t('keys.once')} />}
      {(made !== undefined || app?.has_callback) && (
        <dl className={styles.values}>
          <dt>{t('keys.url')}</dt>
          <dd>
            <Copyable label={t('keys.url')} value={made?.url ?? app?.callback_url ?? ''} />
          </dd>
          {made !== undefined && (
            <>
              <dt>{t('keys.token')}</dt>
              <dd>
                <Copyable label={t('keys.token')} value={made.token} />
              </dd>
              <dt>{t('keys.aes')}</dt>
              <dd>
                <Copyable label={t('keys.aes')} value={made.aes_key} />
              </dd>
            </>
          )}
          <dt>{t('keys.last')}</dt>
          <dd>
            {app?.last_callback_at == null ? t('keys.none') : <Ago at={app.last_callback_at} />}
            {app?.verified_at == null ? (
              <Tag color="processing">{t('keys.unverified')}</Tag>
            ) : (
              <Tag color="success">{t('keys.verified')}</Tag>
            )}
          </dd>
        </dl>
      )}
      {made === undefined && app?.has_callback && <span className={styles.quiet}>{t('keys.kept')}</span>}
      <div className={styles.actions}>
        {guide.may_write &&
          (app?.has_callback ? (
            <Popconfirm
              title={t('keys.again')}
              description={t('keys.again.sure')}
              okText={t('keys.again')}
              onConfirm={() => make.mutate()}
            >
              <Button loading={make.isPending}>{t('keys.again')}</Button>
            </Popconfirm>
          ) : (
            <Button type="primary" loading={make.isPending} onClick={() => make.mutate()}>
              {t('keys.make')}
            </Button>
          ))}
        {app?.has_callback && (
          <Button loading={test.isPending} onClick={() => test.mutate()}>
            {t('test')}
          </Button>
        )}
        {test.data && (
          <span role="status">
            {test.data.ok ? (
              <Tag color={test.data.ms > 1000 ? 'warning' : 'success'}>
                {t(test.data.ms > 1000 ? 'test.slow' : 'test.ok', { ms: test.data.ms })}
              </Tag>
            ) : (
              <Tag color="error">{t('test.failed', { said: test.data.said })}</Tag>
            )}
          </span>
        )}
      </div>
    </div>
  )
}
