import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Popconfirm, Tag } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { exactTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { FactList } from '../../components/FactList.tsx'
import { Loading } from '../../components/Loading.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { explain } from '../../lib/explain.ts'
import { useMay } from '../../lib/session.ts'
import { Copyable } from '../guide/Copy.tsx'
import { ConnectForm } from './ConnectForm.tsx'
import { accountsKey } from './standing.ts'
import styles from './weixin.module.css'
import { words } from './words.ts'

type Account = components['schemas']['WeixinAccount']

/** 公众号与小程序 in the guide: which are connected, how they do, and connecting another. */
export function WeixinAccounts() {
  const t = useWords(words)
  const mayWrite = useMay('guide.write')
  const [adding, setAdding] = useState(false)
  const { data, error, refetch } = useQuery({
    queryKey: accountsKey,
    queryFn: () => ask(api.GET('/api/weixin/accounts')),
    refetchInterval: 5_000,
  })
  return (
    <>
      <p className={styles.quiet}>{t('accounts.purpose')}</p>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading rows={3} />}
      {data?.items.length === 0 && <p className={styles.quiet}>{t('accounts.none')}</p>}
      {data?.items.map((account) => (
        <AccountPanel key={account.id} account={account} mayWrite={mayWrite} />
      ))}
      {mayWrite && !adding && (
        <div className={styles.buttons}>
          <Button type={data?.items.length === 0 ? 'primary' : 'default'} onClick={() => setAdding(true)}>
            {t('accounts.add')}
          </Button>
        </div>
      )}
      {mayWrite && adding && (
        <Panel title={t('accounts.add')}>
          <ConnectForm onDone={() => setAdding(false)} />
        </Panel>
      )}
    </>
  )
}

function AccountPanel({ account, mayWrite }: { account: Account; mayWrite: boolean }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const maySync = useMay('customers.sync')
  const params = { params: { path: { id: account.id } } }
  const failed = (error: Error) => message.error(explain(error).title)
  const test = useMutation({
    mutationFn: () => ask(api.POST('/api/weixin/accounts/{id}/test', params)),
    onError: failed,
  })
  const keys = useMutation({
    mutationFn: () => ask(api.POST('/api/weixin/accounts/{id}/callback', params)),
    onError: failed,
  })
  const sync = useMutation({
    mutationFn: () => ask(api.POST('/api/weixin/accounts/{id}/sync', params)),
    onSuccess: () => message.success(t('accounts.sync.begun')),
    onError: failed,
  })
  const official = account.kind === 'official_account'
  return (
    <Panel
      title={
        <>
          {account.name} <span className={styles.kind}>{t(`kind.${account.kind}`)}</span>
        </>
      }
      aside={official && t('accounts.followers', { count: account.followers })}
    >
      {account.circuit !== null && (
        <Alert type="error" showIcon title={t('accounts.circuit', { reason: account.circuit })} />
      )}
      <FactList
        facts={[
          { label: t('accounts.appid'), value: <code>{account.appid}</code> },
          {
            label: t('accounts.callback'),
            value:
              account.verified_at === null ? (
                <Tag color="processing">{t('accounts.unverified')}</Tag>
              ) : (
                <Tag color="success">{t('accounts.verified', { at: exactTime(account.verified_at) })}</Tag>
              ),
          },
          {
            label: t('accounts.heard'),
            value: account.last_callback_at === null ? t('accounts.silent') : <Ago at={account.last_callback_at} />,
          },
        ]}
      />
      <p className={styles.url}>
        <Copyable label={t('accounts.callback')} value={keys.data?.url ?? account.callback_url} />
      </p>
      {keys.data && (
        <>
          <Alert type="warning" showIcon title={t('accounts.keys.once')} />
          <p className={styles.url}>
            Token <Copyable label="Token" value={keys.data.token} />
          </p>
          <p className={styles.url}>
            EncodingAESKey <Copyable label="EncodingAESKey" value={keys.data.aes_key} />
          </p>
        </>
      )}
      <div className={styles.buttons}>
        <Button loading={test.isPending} onClick={() => test.mutate()}>
          {t('accounts.test')}
        </Button>
        {official && maySync && (
          <Button loading={sync.isPending} onClick={() => sync.mutate()}>
            {t('accounts.sync')}
          </Button>
        )}
        {mayWrite && (
          <Popconfirm title={t('accounts.keys')} okText={t('accounts.keys')} onConfirm={() => keys.mutate()}>
            <Button loading={keys.isPending}>{t('accounts.keys')}</Button>
          </Popconfirm>
        )}
        {test.data && (
          <span role="status">
            <Tag color={test.data.ok ? 'success' : 'error'}>{test.data.said}</Tag>
          </span>
        )}
      </div>
    </Panel>
  )
}
