import { useNavigate } from '@tanstack/react-router'
import { Modal } from 'antd'
import { type KeyboardEvent, useEffect, useId, useMemo, useState } from 'react'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { useWords } from '#shared/i18n/words.ts'
import { useSession } from '../lib/session.ts'
import { actions } from '../pages/actions.ts'
import { pages } from '../pages/registry.ts'
import { findHits, type Hit } from './hits.ts'
import styles from './SearchBox.module.css'
import { useCustomerHits } from './useCustomerHits.ts'
import { words } from './words.ts'

/** Ctrl-K: pages, actions and customers in one list, moved through with the arrow keys. */
export function SearchBox({ onClose }: { onClose: () => void }) {
  const t = useWords(words)
  const language = useLanguage()
  const session = useSession()
  const navigate = useNavigate()
  const listId = useId()
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const local = useMemo(() => findHits(typed, session, pages, actions, language), [typed, session, language])
  const customers = useCustomerHits(typed)
  const hits = [...local, ...customers.hits]
  const chosen = Math.min(at, hits.length - 1)

  useEffect(() => {
    document.getElementById(`${listId}-${chosen}`)?.scrollIntoView({ block: 'nearest' })
  }, [chosen, listId])

  function go(hit: Hit | undefined): void {
    if (!hit) return
    onClose()
    void navigate({ to: hit.path })
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing || hits.length === 0) return
    if (event.key === 'ArrowDown') setAt((chosen + 1) % hits.length)
    else if (event.key === 'ArrowUp') setAt((chosen - 1 + hits.length) % hits.length)
    else if (event.key === 'Enter') go(hits[chosen])
    else return
    event.preventDefault()
  }

  return (
    <Modal
      open
      onCancel={onClose}
      footer={null}
      closable={false}
      width={600}
      title={t('search.label')}
      styles={{ container: { padding: 0 }, header: { display: 'none' }, body: { padding: 0 } }}
      style={{ top: '12vh' }}
    >
      <input
        className={styles.input}
        role="combobox"
        aria-expanded={hits.length > 0}
        aria-controls={listId}
        aria-activedescendant={hits.length > 0 ? `${listId}-${chosen}` : undefined}
        aria-label={t('search.label')}
        placeholder={t('search.placeholder')}
        value={typed}
        // biome-ignore lint/a11y/noAutofocus: the person has just asked for this field
        autoFocus
        onChange={(event) => {
          setTyped(event.target.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
      />
      <div className={styles.list} id={listId} role="listbox" aria-label={t('search.label')}>
        {hits.map((hit, index) => (
          <div key={hit.id}>
            {hits[index - 1]?.kind !== hit.kind && (
              <div className={styles.kind} role="presentation">
                {t(`search.${hit.kind}`)}
              </div>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys are handled by the combobox above */}
            <div
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              className={index === chosen ? styles.chosen : styles.hit}
              onClick={() => go(hit)}
              onMouseMove={() => setAt(index)}
            >
              <span>{hit.name}</span>
              <span className={styles.where}>{hit.where}</span>
            </div>
          </div>
        ))}
        {hits.length === 0 && !customers.loading && <p className={styles.none}>{t('search.none', { typed })}</p>}
        {customers.failed && <p className={styles.none}>{t('search.customersFailed')}</p>}
      </div>
      <p className={styles.hint}>{t('search.hint')}</p>
    </Modal>
  )
}
