import { Input, Modal } from 'antd'
import { useId, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import styles from './tags.module.css'
import { linesOf } from './tags.ts'
import { useTagChanges } from './useTagChanges.ts'
import { words } from './words.ts'

/** A new name for a group or a tag, or new tags for a group, one a line. */
export function NamesDialog({
  of,
  id,
  name,
  most,
  onClose,
}: {
  of: 'group' | 'tag' | 'new'
  id: string
  name: string
  most: number
  onClose: () => void
}) {
  const t = useWords(words)
  const carryOut = useTagChanges()
  const field = useId()
  const [typed, setTyped] = useState(name)
  const [busy, setBusy] = useState(false)
  const names = linesOf(typed)
  const isReady = names.length > 0 && names.every((one) => [...one].length <= most) && typed.trim() !== name

  async function save() {
    setBusy(true)
    const path = { params: { path: { id } } }
    const [first = ''] = names
    const isDone = await carryOut(() => {
      if (of === 'new') return ask(api.POST('/api/tag-groups/{id}/tags', { ...path, body: { names } }))
      return of === 'group'
        ? ask(api.PATCH('/api/tag-groups/{id}', { ...path, body: { name: first } }))
        : ask(api.PATCH('/api/tags/{id}', { ...path, body: { name: first } }))
    })
    setBusy(false)
    if (isDone) onClose()
  }

  const label = t(of === 'new' ? 'tag.names' : of === 'group' ? 'group.name' : 'tag.name')
  return (
    <Modal
      open
      title={t(of === 'new' ? 'add.tags' : 'rename')}
      okText={t('save')}
      cancelText={t('cancel')}
      okButtonProps={{ disabled: !isReady, loading: busy }}
      onOk={() => void save()}
      onCancel={onClose}
    >
      <div className={styles.field}>
        <label htmlFor={field}>{label}</label>
        {of === 'new' ? (
          <Input.TextArea id={field} rows={5} value={typed} onChange={(event) => setTyped(event.target.value)} />
        ) : (
          <Input id={field} value={typed} onChange={(event) => setTyped(event.target.value)} />
        )}
        <p className={styles.quiet}>{t('name.most', { most: String(most) })}</p>
      </div>
    </Modal>
  )
}
