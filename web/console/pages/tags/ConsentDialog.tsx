import { useQuery } from '@tanstack/react-query'
import { Input, Modal, Radio, Select } from 'antd'
import { useId, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import styles from './tags.module.css'
import { tagsKey } from './tags.ts'
import { useTagChanges } from './useTagChanges.ts'
import { words } from './words.ts'

/** Records whether a customer agreed to be tagged by a sensitive group, and how. */
export function ConsentDialog({ id, onClose }: { id: number; onClose: () => void }) {
  const t = useWords(words)
  const carryOut = useTagChanges()
  const field = useId()
  const [group, setGroup] = useState<string | undefined>(undefined)
  const [given, setGiven] = useState(true)
  const [evidence, setEvidence] = useState('')
  const { data } = useQuery({ queryKey: tagsKey, queryFn: () => ask(api.GET('/api/tags')) })
  const groups = (data?.groups ?? []).filter((one) => one.sensitive)

  async function save() {
    if (group === undefined) return
    const body = { group_id: group, given, evidence: evidence.trim() }
    if (await carryOut(() => ask(api.POST('/api/customers/{id}/tag-consents', { params: { path: { id } }, body }))))
      onClose()
  }

  return (
    <Modal
      open
      title={t('person.consent')}
      okText={t('save')}
      cancelText={t('cancel')}
      okButtonProps={{ disabled: group === undefined || evidence.trim().length < 2 }}
      onOk={() => void save()}
      onCancel={onClose}
    >
      <div className={styles.dialog}>
        <Select
          aria-label={t('sensitive')}
          placeholder={t('sensitive')}
          className={styles.choose}
          {...(group === undefined ? {} : { value: group })}
          onChange={setGroup}
          options={groups.map((one) => ({ value: one.id, label: one.name }))}
        />
        <Radio.Group
          value={given}
          onChange={(event) => setGiven(event.target.value === true)}
          options={[
            { value: true, label: t('person.consent.yes') },
            { value: false, label: t('person.consent.no') },
          ]}
        />
        <div className={styles.field}>
          <label htmlFor={field}>{t('person.consent.evidence')}</label>
          <Input id={field} value={evidence} maxLength={200} onChange={(event) => setEvidence(event.target.value)} />
        </div>
      </div>
    </Modal>
  )
}
