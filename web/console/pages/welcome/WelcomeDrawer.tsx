import { PlusOutlined } from '@ant-design/icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Drawer, Input, Segmented } from 'antd'
import { useDeferredValue, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { PhonePreview } from '../../components/PhonePreview.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { useMay, useSession } from '../../lib/session.ts'
import { BandEditor } from './BandEditor.tsx'
import { Field } from './Field.tsx'
import { TargetField } from './TargetField.tsx'
import styles from './welcome.module.css'
import { type Draft, isComplete, levels, messagesOf, newBand, unfinished, type WelcomeDetail } from './welcome.ts'
import { words } from './words.ts'

const listKey = ['welcomes']

/** A new welcome (`open=new`) or one that exists, with its versions. */
export function WelcomeDrawer({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  const t = useWords(words)
  const existing = id !== undefined && id !== 'new'
  const { data, error, refetch } = useQuery({
    queryKey: [...listKey, 'one', id],
    queryFn: () => ask(api.GET('/api/welcomes/{id}', { params: { path: { id: id ?? '' } } })),
    enabled: existing,
  })
  return (
    <Drawer
      open={id !== undefined}
      onClose={onClose}
      size={1040}
      title={existing ? t('edit.title', { name: data?.name ?? '' }) : t('new.title')}
      destroyOnHidden
    >
      {existing && error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {existing && !error && !data && <Loading />}
      {existing && data && (
        <Editor key={`${data.id} ${data.version} ${data.enabled}`} welcome={data} onDone={onClose} />
      )}
      {id === 'new' && <Editor welcome={undefined} onDone={onClose} />}
    </Drawer>
  )
}

function draftOf(welcome: WelcomeDetail | undefined, allDay: string): Draft {
  const active = welcome?.history.find((version) => version.active)
  return {
    level: welcome?.level ?? 'default',
    target: welcome?.target ?? '',
    name: welcome?.name ?? '',
    note: '',
    bands: active?.bands ?? [newBand(allDay)],
  }
}

function Editor({ welcome, onDone }: { welcome: WelcomeDetail | undefined; onDone: () => void }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const { corp } = useSession()
  const mayWrite = useMay('welcome.write')
  const [draft, setDraft] = useState(() => draftOf(welcome, t('band.allday')))
  const [shown, setShown] = useState(0)
  const change = (changed: Partial<Draft>) => setDraft((before) => ({ ...before, ...changed }))
  const typed = useDeferredValue(draft.bands)
  const checks = useQuery({
    queryKey: ['welcome-check', typed],
    queryFn: () =>
      ask(
        api.POST('/api/welcomes/check', {
          body: {
            bands: typed.map((band) => ({
              ...band,
              content: { ...band.content, attachments: (band.content.attachments ?? []).filter(isComplete) },
            })),
          },
        }),
      ),
    placeholderData: (before) => before,
    enabled: mayWrite,
  })
  const faults = checks.data?.faults ?? []
  const save = useMutation({
    mutationFn: () =>
      welcome === undefined
        ? ask(api.POST('/api/welcomes', { body: { ...draft, target: draft.level === 'default' ? '' : draft.target } }))
        : ask(
            api.POST('/api/welcomes/{id}/versions', {
              params: { path: { id: welcome.id } },
              body: { name: draft.name, bands: draft.bands, note: draft.note },
            }),
          ),
    onSuccess: async (saved) => {
      message.success(t('saved', { number: saved.version ?? 1 }))
      onDone()
      await queryClient.invalidateQueries({ queryKey: listKey })
    },
  })
  const refusal = save.error ? explain(save.error) : undefined
  const content = draft.bands[shown]?.content
  const ready =
    draft.name.trim() !== '' &&
    (draft.level === 'default' || draft.target !== '') &&
    faults.length === 0 &&
    !unfinished(draft.bands)
  return (
    <div className={styles.editor}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        {welcome === undefined && (
          <div className={styles.field}>
            <span className={styles.label}>{t('level')}</span>
            <Segmented
              value={draft.level}
              options={levels.map((level) => ({ value: level, label: t(`level.${level}`) }))}
              onChange={(level) => change({ level, target: '' })}
            />
          </div>
        )}
        {welcome === undefined && draft.level !== 'default' && (
          <div className={styles.field}>
            <span className={styles.label}>{t('target')}</span>
            <TargetField level={draft.level} value={draft.target} onChange={(target) => change({ target })} />
          </div>
        )}
        <Field label={t('name')} hint={t('name.hint')}>
          {(id) => (
            <Input
              id={id}
              value={draft.name}
              maxLength={60}
              disabled={!mayWrite}
              onChange={(event) => change({ name: event.target.value })}
            />
          )}
        </Field>
        {draft.bands.map((band, i) => (
          <BandEditor
            // biome-ignore lint/suspicious/noArrayIndexKey: a band has no name but its place
            key={i}
            value={band}
            index={i}
            faults={faults}
            attachmentLimit={checks.data?.attachments_limit ?? 9}
            only={draft.bands.length === 1}
            onFocus={() => setShown(i)}
            onChange={(next) => change({ bands: draft.bands.map((one, at) => (at === i ? next : one)) })}
            onRemove={() => change({ bands: draft.bands.filter((_, at) => at !== i) })}
          />
        ))}
        {mayWrite && (
          <>
            <div>
              <Button icon={<PlusOutlined />} onClick={() => change({ bands: [...draft.bands, newBand('')] })}>
                {t('band.add')}
              </Button>
            </div>
            {welcome !== undefined && (
              <Field label={t('note')}>
                {(id) => (
                  <Input
                    id={id}
                    value={draft.note}
                    maxLength={200}
                    placeholder={t('note.hint')}
                    onChange={(event) => change({ note: event.target.value })}
                  />
                )}
              </Field>
            )}
            {refusal && <Alert type="error" showIcon role="alert" title={refusal.title} description={refusal.hint} />}
            <div className={styles.row}>
              <Button type="primary" htmlType="submit" loading={save.isPending} disabled={!ready}>
                {welcome === undefined ? t('save.first') : t('save')}
              </Button>
              {welcome !== undefined && <Switch welcome={welcome} />}
            </div>
          </>
        )}
        {welcome !== undefined && <History welcome={welcome} mayWrite={mayWrite} />}
      </form>
      <div className={styles.preview}>
        <PhonePreview
          staffName={t('preview.staff')}
          corpName={corp?.name ?? ''}
          values={{
            客户昵称: t('preview.customer'),
            员工姓名: t('preview.staff'),
            门店: t('preview.store'),
            少打扰: t('preview.preferences'),
          }}
          messages={messagesOf(content?.text ?? '', content?.attachments ?? [])}
        />
      </div>
    </div>
  )
}

function Switch({ welcome }: { welcome: WelcomeDetail }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const change = useMutation({
    mutationFn: () =>
      ask(
        api.POST('/api/welcomes/{id}/enabled', {
          params: { path: { id: welcome.id } },
          body: { enabled: !welcome.enabled },
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: listKey }),
    onError: (error) => message.error(explain(error).title),
  })
  return (
    <Button danger={welcome.enabled} loading={change.isPending} onClick={() => change.mutate()}>
      {welcome.enabled ? t('disable') : t('enable')}
    </Button>
  )
}

function History({ welcome, mayWrite }: { welcome: WelcomeDetail; mayWrite: boolean }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const back = useMutation({
    mutationFn: (versionId: string) =>
      ask(
        api.POST('/api/welcomes/{id}/activate', {
          params: { path: { id: welcome.id } },
          body: { version_id: versionId },
        }),
      ),
    onSuccess: async (now) => {
      message.success(t('history.returned', { number: now.version ?? 0 }))
      await queryClient.invalidateQueries({ queryKey: listKey })
    },
    onError: (error) => message.error(explain(error).title),
  })
  return (
    <section aria-label={t('history')}>
      <span className={styles.label}>{t('history')}</span>
      <ul className={styles.versions}>
        {welcome.history.map((version) => (
          <li key={version.id} className={styles.version}>
            <span>
              v{version.number} · {version.created_by} · <Ago at={version.created_at} /> {version.note}
            </span>
            {version.active ? (
              <span className={styles.hint}>{t('history.active')}</span>
            ) : (
              mayWrite && (
                <Button
                  size="small"
                  loading={back.isPending && back.variables === version.id}
                  onClick={() => back.mutate(version.id)}
                >
                  {t('history.back')}
                </Button>
              )
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
