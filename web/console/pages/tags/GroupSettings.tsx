import { Checkbox, Modal, Radio } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import styles from './tags.module.css'
import type { TagGroup } from './tags.ts'
import { useTagChanges } from './useTagChanges.ts'
import { words } from './words.ts'

/** The rules of a group: exclusive, sensitive, and who wins in a conflict. They are ours to say of any group. */
export function GroupSettings({ group, onClose }: { group: TagGroup; onClose: () => void }) {
  const t = useWords(words)
  const carryOut = useTagChanges()
  const [exclusive, setExclusive] = useState(group.exclusive)
  const [sensitive, setSensitive] = useState(group.sensitive)
  const [truth, setTruth] = useState(group.truth)
  const [busy, setBusy] = useState(false)

  async function save() {
    setBusy(true)
    const body = { exclusive, sensitive, truth }
    const isDone = await carryOut(() =>
      ask(api.PATCH('/api/tag-groups/{id}', { params: { path: { id: group.id } }, body })),
    )
    setBusy(false)
    if (isDone) onClose()
  }

  return (
    <Modal
      open
      title={`${group.name} · ${t('settings')}`}
      okText={t('save')}
      cancelText={t('cancel')}
      okButtonProps={{ loading: busy }}
      onOk={() => void save()}
      onCancel={onClose}
    >
      <div className={styles.dialog}>
        <Checkbox checked={exclusive} onChange={(event) => setExclusive(event.target.checked)}>
          {t('exclusive')}
        </Checkbox>
        <Checkbox checked={sensitive} onChange={(event) => setSensitive(event.target.checked)}>
          {t('sensitive')}
        </Checkbox>
        {group.kind !== 'own' && (
          <Radio.Group
            value={truth}
            onChange={(event) => setTruth(event.target.value === 'wecom' ? 'wecom' : 'ours')}
            options={[
              { value: 'ours', label: t('truth.ours') },
              { value: 'wecom', label: t('truth.wecom') },
            ]}
          />
        )}
      </div>
    </Modal>
  )
}
