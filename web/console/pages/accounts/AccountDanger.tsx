import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { words as parts } from '../../components/words.ts'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import type { Account } from './account.ts'
import styles from './accounts.module.css'
import { words } from './words.ts'

/** Ending log-ins, disabling, deleting: each says whom it hits before it does it. */
export function AccountDanger({
  account,
  isSelf,
  onRemoved,
}: {
  account: Account
  isSelf: boolean
  onRemoved: () => void
}) {
  const t = useWords(words)
  const verbs = useWords(parts)
  const { message, modal } = App.useApp()
  const path = { path: { id: account.id } }
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['accounts'] })
  const onError = (failure: Error) => {
    const { title, hint } = explain(failure)
    message.error(`${title} ${hint}`)
  }
  const disable = useMutation({
    mutationFn: (disabled: boolean) => ask(api.PATCH('/api/accounts/{id}', { params: path, body: { disabled } })),
    onSuccess: refresh,
    onError,
  })
  const end = useMutation({
    mutationFn: () => ask(api.POST('/api/accounts/{id}/end-sessions', { params: path })),
    onSuccess: async ({ ended }) => {
      message.success(t('ended.count', { count: ended }))
      await refresh()
    },
    onError,
  })
  const remove = useMutation({
    mutationFn: () => ask(api.DELETE('/api/accounts/{id}', { params: path })),
    onSuccess: async () => {
      message.success(t('removed'))
      onRemoved()
      await refresh()
    },
    onError,
  })
  const sure = (title: string, content: string, okText: string, onOk: () => Promise<unknown>) =>
    modal.confirm({
      title,
      content,
      okText,
      cancelText: verbs('verb.cancel'),
      okButtonProps: { danger: true },
      // a refusal is told by the mutation; the question closes either way
      onOk: () => onOk().catch(() => undefined),
    })
  const { name } = account
  const disabled = account.disabled_at !== null
  return (
    <section className={styles.danger} aria-label={t('danger')}>
      <h3 className={styles.heading}>{t('danger')}</h3>
      <div className={styles.buttons}>
        <Button
          onClick={() => sure(t('end.sessions'), t('end.sure', { name }), t('end.sessions'), () => end.mutateAsync())}
        >
          {t('end.sessions')}
        </Button>
        {disabled ? (
          <Button loading={disable.isPending} onClick={() => disable.mutate(false)}>
            {t('enable')}
          </Button>
        ) : (
          <Button
            danger
            disabled={isSelf}
            onClick={() =>
              sure(t('disable'), t('disable.sure', { name }), t('disable'), () => disable.mutateAsync(true))
            }
          >
            {t('disable')}
          </Button>
        )}
        <Button
          danger
          disabled={isSelf}
          onClick={() => sure(t('remove'), t('remove.sure', { name }), t('remove'), () => remove.mutateAsync())}
        >
          {t('remove')}
        </Button>
      </div>
    </section>
  )
}
