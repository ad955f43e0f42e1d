import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Alert, App, Button, Drawer, Popconfirm } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { words as parts } from '../../components/words.ts'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { useMay } from '../../lib/session.ts'
import styles from './organisation.module.css'
import { StoreForm } from './StoreForm.tsx'
import type { Store } from './StoresPage.tsx'
import { bodyOf, draftOf, emptyDraft, type StoreDraft } from './storeDraft.ts'
import { words } from './words.ts'

/** A new store (`open=new`) or one that exists: change, close, reopen. */
export function StoreDrawer({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  const t = useWords(words)
  const existing = id !== undefined && id !== 'new'
  const { data, error, refetch } = useQuery({
    queryKey: ['stores', 'one', id],
    queryFn: () => ask(api.GET('/api/stores/{id}', { params: { path: { id: id ?? '' } } })),
    enabled: existing,
  })
  return (
    <Drawer
      open={id !== undefined}
      onClose={onClose}
      size={560}
      title={existing ? (data?.name ?? t('store.edit')) : t('store.new')}
      destroyOnHidden
    >
      {existing && error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {existing && !error && !data && <Loading />}
      {existing && data && <Editing key={`${data.id} ${data.closed_at}`} store={data} onDone={onClose} />}
      {id === 'new' && <Editing store={undefined} onDone={onClose} />}
    </Drawer>
  )
}

function Editing({ store, onDone }: { store: Store | undefined; onDone: () => void }) {
  const t = useWords(words)
  const verbs = useWords(parts)
  const { message } = App.useApp()
  const mayWrite = useMay('stores.write')
  const [draft, setDraft] = useState<StoreDraft>(() => (store === undefined ? emptyDraft : draftOf(store)))
  const done = async (words: string) => {
    message.success(words)
    onDone()
    await queryClient.invalidateQueries({ queryKey: ['stores'] })
    await queryClient.invalidateQueries({ queryKey: ['staff'] })
  }
  const save = useMutation({
    mutationFn: () =>
      store === undefined
        ? ask(api.POST('/api/stores', { body: { code: draft.code.trim(), ...bodyOf(draft) } }))
        : ask(api.PUT('/api/stores/{id}', { params: { path: { id: store.id } }, body: bodyOf(draft) })),
    onSuccess: () => done(t(store === undefined ? 'store.created' : 'store.saved')),
  })
  const turn = useMutation({
    mutationFn: (closing: boolean) => {
      const params = { params: { path: { id: store?.id ?? '' } } }
      return closing
        ? ask(api.POST('/api/stores/{id}/close', params))
        : ask(api.POST('/api/stores/{id}/reopen', params))
    },
    onSuccess: () => done(t('store.saved')),
  })
  const failed = save.error ?? turn.error
  const refusal = failed ? explain(failed) : undefined
  const closed = store !== undefined && store.closed_at !== null
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      {closed && <Alert type="info" showIcon title={t('store.closedAt', { time: exactTime(store.closed_at ?? '') })} />}
      <StoreForm
        draft={draft}
        change={(changed) => setDraft((before) => ({ ...before, ...changed }))}
        existing={store !== undefined}
        disabled={!mayWrite || closed}
      />
      {refusal && <Alert type="error" showIcon role="alert" title={refusal.title} description={refusal.hint} />}
      <div className={styles.actions}>
        {mayWrite && !closed && (
          <Button
            type="primary"
            htmlType="submit"
            loading={save.isPending}
            disabled={draft.name.trim() === '' || draft.code.trim() === ''}
          >
            {store === undefined ? t('stores.create') : verbs('verb.save')}
          </Button>
        )}
        {store !== undefined && (
          <Link to="/organisation/staff" search={{ store: store.id }}>
            <Button>{t('store.staff')}</Button>
          </Link>
        )}
      </div>
      {store !== undefined && mayWrite && (
        <div className={styles.section}>
          {closed ? (
            <div>
              <Button loading={turn.isPending} onClick={() => turn.mutate(false)}>
                {t('store.reopen')}
              </Button>
            </div>
          ) : (
            <>
              <p className={styles.hint}>{t('store.close.text', { staff: store.staff, channels: store.channels })}</p>
              <div>
                <Popconfirm
                  title={t('store.close')}
                  okText={t('store.close.sure', { staff: store.staff })}
                  cancelText={verbs('verb.cancel')}
                  okButtonProps={{ danger: true }}
                  onConfirm={() => turn.mutate(true)}
                >
                  <Button danger loading={turn.isPending}>
                    {t('store.close')}
                  </Button>
                </Popconfirm>
              </div>
            </>
          )}
        </div>
      )}
    </form>
  )
}
