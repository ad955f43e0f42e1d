import { DeleteOutlined, StarOutlined } from '@ant-design/icons'
import { Button, Input, Popover } from 'antd'
import { useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { useSession } from '../lib/session.ts'
import type { UrlValues } from '../lib/useUrl.ts'
import styles from './FilterBar.module.css'
import { keepView, parseViews, type SavedView } from './savedViews.rules.ts'
import { words } from './words.ts'

/** Filters that a person named, by account, on this machine. */
export function SavedViews({
  id,
  values,
  apply,
}: {
  id: string
  values: UrlValues
  apply: (values: UrlValues) => void
}) {
  const t = useWords(words)
  const { account } = useSession()
  const storageKey = `nuanyu.views.${account.id}.${id}`
  const [views, setViews] = useState(() => parseViews(localStorage.getItem(storageKey)))
  const [name, setName] = useState('')
  const [open, setOpen] = useState(false)
  const hasFilters = Object.keys(values).length > 0

  function keep(next: SavedView[]): void {
    setViews(next)
    localStorage.setItem(storageKey, JSON.stringify(next))
  }

  function save(): void {
    if (name.trim() === '') return
    keep(keepView(views, { name: name.trim(), values }))
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
            onClick={() => keep(views.filter((kept) => kept.name !== view.name))}
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
