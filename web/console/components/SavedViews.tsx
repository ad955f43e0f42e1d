import { DeleteOutlined, StarOutlined } from '@ant-design/icons'
import { Button, Input, Popover } from 'antd'
import { useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { useSession } from '../lib/session.ts'
import type { UrlValues } from '../lib/useUrl.ts'
import styles from './FilterBar.module.css'
import { keepView, parseViews, type SavedView, type ViewStore } from './savedViews.rules.ts'
import { words } from './words.ts'

/** Views of a list kept by account on this machine. */
function useLocalViews(id: string): ViewStore {
  const { account } = useSession()
  const storageKey = `nuanyu.views.${account.id}.${id}`
  const [views, setViews] = useState(() => parseViews(localStorage.getItem(storageKey)))
  const keep = (next: SavedView[]): void => {
    setViews(next)
    localStorage.setItem(storageKey, JSON.stringify(next))
  }
  return {
    views,
    save: (view) => keep(keepView(views, view)),
    remove: (name) => keep(views.filter((kept) => kept.name !== name)),
  }
}

/** Filters that a person named: on this machine, or where the page keeps them. */
export function SavedViews({
  id,
  values,
  apply,
  store,
}: {
  id: string
  values: UrlValues
  apply: (values: UrlValues) => void
  store?: ViewStore | undefined
}) {
  const t = useWords(words)
  const local = useLocalViews(id)
  const { views, save: keep, remove } = store ?? local
  const [name, setName] = useState('')
  const [open, setOpen] = useState(false)
  const hasFilters = Object.keys(values).length > 0

  function save(): void {
    if (name.trim() === '') return
    keep({ name: name.trim(), values })
    setName('')
  }

  const content = (
    <div className={styles.views}>
      {views.length === 0 && <p className={styles.none}>{t('filter.views.none')}</p>}
      {views.map((view) => (
        <div key={view.name} className={styles.view}>
          <Button
            type="link"
            onClick={() => {
              apply(view.values)
              setOpen(false)
            }}
          >
            {view.name}
          </Button>
          <Button
            type="text"
            size="small"
            icon={<DeleteOutlined />}
            aria-label={t('filter.views.delete', { name: view.name })}
            onClick={() => remove(view.name)}
          />
        </div>
      ))}
      {hasFilters && (
        <div className={styles.save}>
          <Input
            aria-label={t('filter.views.name')}
            placeholder={t('filter.views.name')}
            maxLength={20}
            value={name}
            onChange={(event) => setName(event.target.value)}
            onPressEnter={save}
          />
          <Button type="primary" disabled={name.trim() === ''} onClick={save} aria-label={t('filter.views.save')}>
            {t('verb.save')}
          </Button>
        </div>
      )}
    </div>
  )
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      placement="bottomRight"
      title={t('filter.views')}
      content={content}
    >
      <Button icon={<StarOutlined />} aria-expanded={open}>
        {t('filter.views')}
      </Button>
    </Popover>
  )
}
