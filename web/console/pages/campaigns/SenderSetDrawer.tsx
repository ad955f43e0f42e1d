import { useMutation } from '@tanstack/react-query'
import { Alert, App, Button, Drawer, Input, Popconfirm } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { StaffPicker } from '../../components/StaffPicker.tsx'
import type { StaffOption } from '../../components/staff.rules.ts'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { Field, FieldGroup } from '../channels/Field.tsx'
import { members } from '../organisation/StoreForm.tsx'
import { type SenderSet, senderSetsKey } from './campaign.ts'
import styles from './campaigns.module.css'
import { words } from './pages.words.ts'
import { useMemberNames } from './useMemberNames.ts'
import { words as listWords } from './words.ts'

/** A set of senders: its name, and who is in it. */
export function SenderSetDrawer({
  set,
  mayWrite,
  onClose,
}: {
  set: SenderSet | undefined
  mayWrite: boolean
  onClose: () => void
}) {
  const t = useWords(words)
  const tList = useWords(listWords)
  const { message } = App.useApp()
  const [name, setName] = useState(set?.name ?? '')
  const [chosen, setChosen] = useState<StaffOption[]>()
  const known = useMemberNames(set?.userids ?? [])
  const people = chosen ?? known
  const [manager, setManager] = useState<StaffOption | null>()
  const knownManager = useMemberNames(set?.manager_userid == null ? [] : [set.manager_userid])
  const managing = manager === undefined ? knownManager : manager === null ? [] : [manager]
  const save = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), userids: people.map((one) => one.id), manager_userid: managing[0]?.id ?? null }
      return ask(
        set === undefined
          ? api.POST('/api/sender-sets', { body })
          : api.PUT('/api/sender-sets/{id}', { params: { path: { id: set.id } }, body }),
      )
    },
    onSuccess: async () => {
      void message.success(t('sets.saved'))
      await queryClient.invalidateQueries({ queryKey: senderSetsKey })
      onClose()
    },
  })
  const remove = useMutation({
    mutationFn: () => api.DELETE('/api/sender-sets/{id}', { params: { path: { id: set?.id ?? '' } } }),
    onSuccess: async () => {
      void message.success(t('sets.deleted'))
      await queryClient.invalidateQueries({ queryKey: senderSetsKey })
      onClose()
    },
  })
  const error = save.error ?? remove.error
  const failure = error && explain(error)
  return (
    <Drawer
      open
      size={560}
      onClose={onClose}
      title={set === undefined ? t('sets.new') : t('sets.edit', { name: set.name })}
      destroyOnHidden
    >
      <div className={styles.step}>
        <Field label={t('sets.name')}>
          <Input value={name} maxLength={30} disabled={!mayWrite} onChange={({ target }) => setName(target.value)} />
        </Field>
        <FieldGroup label={t('sets.members')} {...(set === undefined ? {} : { hint: t('sets.note') })}>
          <StaffPicker
            label={t('sets.members')}
            value={people}
            source={members}
            disabled={!mayWrite}
            onChange={setChosen}
          />
        </FieldGroup>
        <FieldGroup label={t('sets.manager')} hint={t('sets.manager.hint')}>
          <StaffPicker
            label={t('sets.manager')}
            value={managing}
            source={members}
            max={1}
            disabled={!mayWrite}
            onChange={([one]) => setManager(one ?? null)}
          />
        </FieldGroup>
        {failure && <Alert type="error" showIcon role="alert" title={failure.title} description={failure.hint} />}
        {mayWrite && (
          <div className={styles.acts}>
            <Button
              type="primary"
              disabled={name.trim() === '' || people.length === 0}
              loading={save.isPending}
              onClick={() => save.mutate()}
            >
              {t('sets.save')}
            </Button>
            {set !== undefined && (
              <Popconfirm
                title={t('sets.delete')}
                description={t('sets.delete.sure')}
                okText={t('sets.delete')}
                cancelText={tList('back')}
                okButtonProps={{ danger: true }}
                onConfirm={() => remove.mutate()}
              >
                <Button danger loading={remove.isPending}>
                  {t('sets.delete')}
                </Button>
              </Popconfirm>
            )}
          </div>
        )}
      </div>
    </Drawer>
  )
}
