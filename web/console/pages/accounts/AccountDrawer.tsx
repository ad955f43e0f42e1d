import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Drawer } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { words as parts } from '../../components/words.ts'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { useMay, useSession } from '../../lib/session.ts'
import { AccountDanger } from './AccountDanger.tsx'
import { AccountForm } from './AccountForm.tsx'
import type { Account } from './account.ts'
import styles from './accounts.module.css'
import { changeOf, type Draft, draftOf, newAccountOf, newDraft } from './draft.ts'
import { words } from './words.ts'

const listKey = ['accounts']

/** A new account (`open=new`) or one that exists. */
export function AccountDrawer({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  const t = useWords(words)
  const existing = id !== undefined && id !== 'new'
  const { data, error, refetch } = useQuery({
    queryKey: [...listKey, 'one', id],
    queryFn: () => ask(api.GET('/api/accounts/{id}', { params: { path: { id: id ?? '' } } })),
    enabled: existing,
  })
  const title = existing ? t('edit.title', { name: data?.name ?? '' }) : t('new.title')
  return (
    <Drawer open={id !== undefined} onClose={onClose} size={560} title={title} destroyOnHidden>
      {existing && error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {existing && !error && !data && <Loading />}
      {existing && data && <Editing key={`${data.id} ${data.disabled_at}`} account={data} onDone={onClose} />}
      {id === 'new' && <Editing account={undefined} onDone={onClose} />}
    </Drawer>
  )
}

function Editing({ account, onDone }: { account: Account | undefined; onDone: () => void }) {
  const t = useWords(words)
  const verbs = useWords(parts)
  const { message } = App.useApp()
  const session = useSession()
  const mayWrite = useMay('accounts.write')
  const [draft, setDraft] = useState<Draft>(() => (account === undefined ? newDraft : draftOf(account)))
  const isSelf = account?.id === session.account.id
  const save = useMutation({
    mutationFn: () =>
      account === undefined
        ? ask(api.POST('/api/accounts', { body: newAccountOf(draft) }))
        : ask(
            api.PATCH('/api/accounts/{id}', { params: { path: { id: account.id } }, body: changeOf(account, draft) }),
          ),
    onSuccess: async () => {
      message.success(t(account === undefined ? 'created' : 'saved'))
      onDone()
      await queryClient.invalidateQueries({ queryKey: listKey })
    },
  })
  const refusal = save.error ? explain(save.error) : undefined
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      {!mayWrite && <Alert type="info" showIcon title={t('readonly')} />}
      {isSelf && mayWrite && <Alert type="info" showIcon title={t('self')} />}
      {account?.installation && (
        <Alert type="warning" showIcon title={t('installation')} description={t('installation.text')} />
      )}
      <AccountForm
        draft={draft}
        change={(changed) => setDraft((before) => ({ ...before, ...changed }))}
        existing={account !== undefined}
        mayInstall={session.account.installation}
        disabled={!mayWrite}
        roleFixed={isSelf}
      />
      {refusal && <Alert type="error" showIcon role="alert" title={refusal.title} description={refusal.hint} />}
      {mayWrite && (
        <div>
          <Button type="primary" htmlType="submit" loading={save.isPending} disabled={draft.name.trim() === ''}>
            {account === undefined ? t('create') : verbs('verb.save')}
          </Button>
        </div>
      )}
      {account !== undefined && mayWrite && <AccountDanger account={account} isSelf={isSelf} onRemoved={onDone} />}
    </form>
  )
}
