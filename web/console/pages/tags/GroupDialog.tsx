import { Checkbox, Input, InputNumber, Modal, Radio } from 'antd'
import { useId, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import styles from './tags.module.css'
import { linesOf } from './tags.ts'
import { useTagChanges } from './useTagChanges.ts'
import { words } from './words.ts'

const kinds = ['corp', 'own', 'strategy'] as const

/** A new group with its first tags. */
export function GroupDialog({ nameChars, onClose }: { nameChars: number; onClose: () => void }) {
  const t = useWords(words)
  const carryOut = useTagChanges()
  const ids = { name: useId(), tags: useId(), strategy: useId() }
  const [name, setName] = useState('')
  const [typed, setTyped] = useState('')
  const [kind, setKind] = useState<(typeof kinds)[number]>('corp')
  const [strategy, setStrategy] = useState<number | null>(null)
  const [exclusive, setExclusive] = useState(false)
  const [sensitive, setSensitive] = useState(false)
  const [busy, setBusy] = useState(false)
  const tags = linesOf(typed)
  const fits = [name.trim(), ...tags].every((one) => one !== '' && [...one].length <= nameChars)
  const isReady = fits && tags.length > 0 && (kind !== 'strategy' || strategy !== null)

  async function create() {
    setBusy(true)
    const body = {
      ...{ name: name.trim(), kind, tags, exclusive, sensitive },
      ...(kind === 'strategy' && strategy !== null ? { strategy_id: strategy } : {}),
    }
    const isDone = await carryOut(() => ask(api.POST('/api/tag-groups', { body })))
    setBusy(false)
    if (isDone) onClose()
  }

  return (
    <Modal
      open
      title={t('create')}
      okText={t('create')}
      cancelText={t('cancel')}
      okButtonProps={{ disabled: !isReady, loading: busy }}
      onOk={() => void create()}
      onCancel={onClose}
    >
      <div className={styles.dialog}>
        <div className={styles.field}>
          <label htmlFor={ids.name}>{t('group.name')}</label>
          <Input id={ids.name} value={name} onChange={(event) => setName(event.target.value)} />
          <p className={styles.quiet}>{t('name.most', { most: String(nameChars) })}</p>
        </div>
        <div className={styles.field}>
          <label htmlFor={ids.tags}>{t('tag.names')}</label>
          <Input.TextArea id={ids.tags} rows={4} value={typed} onChange={(event) => setTyped(event.target.value)} />
        </div>
        <Radio.Group
          aria-label={t('group.kind')}
          value={kind}
          onChange={(event) => setKind(kinds.find((one) => one === event.target.value) ?? 'corp')}
          options={kinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
        />
        {kind === 'own' && <p className={styles.quiet}>{t('own.what')}</p>}
        {kind === 'strategy' && (
          <div className={styles.field}>
            <label htmlFor={ids.strategy}>{t('strategy.id')}</label>
            <InputNumber id={ids.strategy} min={1} value={strategy} onChange={setStrategy} />
          </div>
        )}
        <Checkbox checked={exclusive} onChange={(event) => setExclusive(event.target.checked)}>
          {t('exclusive')}
        </Checkbox>
        <Checkbox checked={sensitive} onChange={(event) => setSensitive(event.target.checked)}>
          {t('sensitive')}
        </Checkbox>
      </div>
    </Modal>
  )
}
