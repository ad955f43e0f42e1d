import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { PageShape } from '../../components/PageShape.tsx'
import { useMay } from '../../lib/session.ts'
import { GroupCard } from './GroupCard.tsx'
import { GroupDialog } from './GroupDialog.tsx'
import styles from './tags.module.css'
import { differencesPath, found, tagsKey } from './tags.ts'
import { words } from './words.ts'

/** 标签管理: every group as a card, with whose it is and how many customers each tag has. */
export function TagsPage() {
  const t = useWords(words)
  const navigate = useNavigate()
  const mayWrite = useMay('tags.write')
  const [typed, setTyped] = useState('')
  const [creating, setCreating] = useState(false)
  const { data, error, refetch } = useQuery({
    queryKey: tagsKey,
    queryFn: () => ask(api.GET('/api/tags')),
    // a move or a sync may be under way
    refetchInterval: 10_000,
  })
  const shown = data === undefined ? [] : found(data.groups, typed)
  return (
    <PageShape
      title={t('title')}
      purpose={t('purpose')}
      action={
        <>
          {mayWrite && <Button onClick={() => void navigate({ to: differencesPath })}>{t('differences')}</Button>}
          {mayWrite && (
            <Button type="primary" onClick={() => setCreating(true)}>
              {t('create')}
            </Button>
          )}
        </>
      }
    >
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading rows={8} />}
      {data && (
        <>
          <div className={styles.bar}>
            <Input.Search
              className={styles.search}
              aria-label={t('search')}
              placeholder={t('search')}
              allowClear
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
            <span className={styles.quiet}>
              {t('used', { used: exactCount(data.used), most: exactCount(data.most) })}
            </span>
            {data.counted_at !== null && (
              <span className={styles.quiet}>
                {t('counted.at')} <Ago at={data.counted_at} />
              </span>
            )}
          </div>
          {data.groups.length === 0 && <EmptyState title={t('empty')} text={t('empty.how')} />}
          {data.groups.length > 0 && shown.length === 0 && <EmptyState title={t('none.found', { typed })} />}
          <div className={styles.groups}>
            {shown.map((group) => (
              <GroupCard
                key={group.id}
                group={group}
                groups={data.groups}
                mayWrite={mayWrite}
                nameChars={data.name_chars}
              />
            ))}
          </div>
        </>
      )}
      {creating && data && <GroupDialog nameChars={data.name_chars} onClose={() => setCreating(false)} />}
    </PageShape>
  )
}
