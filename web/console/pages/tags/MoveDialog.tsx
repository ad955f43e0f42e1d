import { useQuery } from '@tanstack/react-query'
import { Alert, Modal, Select } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import styles from './tags.module.css'
import { type TagGroup, type TagItem, tagsKey } from './tags.ts'
import { useTagChanges } from './useTagChanges.ts'
import { words } from './words.ts'

/** Where a tag goes, and what that takes, before anything is called. */
export function MoveDialog({
  tag,
  from,
  groups,
  onClose,
}: {
  tag: TagItem
  from: TagGroup
  groups: readonly TagGroup[]
  onClose: () => void
}) {
  const t = useWords(words)
  const carryOut = useTagChanges()
  const [to, setTo] = useState<string | undefined>(undefined)
  const path = { params: { path: { id: tag.id } } }
  const { data, error } = useQuery({
    queryKey: [...tagsKey, 'move-cost', tag.id],
    queryFn: () => ask(api.GET('/api/tags/{id}/move-cost', path)),
  })
  const targets = groups.filter(
    (group) => group.ours && group.id !== from.id && (group.kind === 'own') === (from.kind === 'own'),
  )

  async function move() {
    if (to === undefined) return
    const body = { to_group: to, undo: false }
    if (await carryOut(() => ask(api.POST('/api/tags/{id}/move', { ...path, body })), t('move.begun'))) onClose()
  }

  return (
    <Modal
      open
      title={t('move.title', { name: tag.name })}
      okText={t('move.begin')}
      cancelText={t('cancel')}
      okButtonProps={{ disabled: to === undefined || data === undefined }}
      onOk={() => void move()}
      onCancel={onClose}
    >
      <div className={styles.dialog}>
        {from.kind !== 'own' && <p className={styles.quiet}>{t('move.how')}</p>}
        <Select
          aria-label={t('move.to')}
          placeholder={t('move.to')}
          className={styles.choose}
          {...(to === undefined ? {} : { value: to })}
          onChange={setTo}
          options={targets.map((group) => ({ value: group.id, label: group.name }))}
        />
        {error && <ErrorState error={error} />}
        {!data && !error && <Loading rows={1} />}
        {data && from.kind !== 'own' && (
          <Alert
            type={data.empties_group ? 'warning' : 'info'}
            title={t('move.cost', {
              marks: exactCount(data.marks),
              calls: exactCount(data.calls),
              minutes: exactCount(data.minutes),
            })}
            {...(data.empties_group ? { description: t('move.empties') } : {})}
          />
        )}
      </div>
    </Modal>
  )
}
