import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Tag } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { Panel } from '../../components/PageShape.tsx'
import styles from './audiences.module.css'
import { audiencesKey, type Why, type WhyPart } from './audiences.ts'
import { WhyTree } from './WhyTree.tsx'
import { words } from './words.ts'

/** What of the conditions holds, in a line: the whole of it is one click away. */
function Short({ why }: { why: Why }) {
  const language = useLanguage()
  const t = useWords(words)
  const held = heldLeaves(why.tree).slice(0, 3)
  if (held.length === 0) return null
  return (
    <p className={styles.quiet}>
      {held.map((part) => (language === 'en' ? part.words.en : part.words.zh)).join(t('panel.and'))}
    </p>
  )
}

/** The conditions that speak for it; what must not hold says nothing by itself. */
function heldLeaves(part: WhyPart): readonly WhyPart[] {
  if (part.join === 'leaf') return part.holds ? [part] : []
  return part.join === 'not' ? [] : part.parts.flatMap(heldLeaves)
}

/** On a customer's page: the audiences that he is in, and why. */
export function CustomerAudiences({ id }: { id: number }) {
  const t = useWords(words)
  const [open, setOpen] = useState<string>()
  const { data, error, refetch } = useQuery({
    queryKey: [...audiencesKey, 'customer', id],
    queryFn: () => ask(api.GET('/api/customers/{id}/audiences', { params: { path: { id } } })),
    // live ones move while the page is open
    refetchInterval: 10_000,
  })
  return (
    <Panel title={t('panel.title')}>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading rows={2} />}
      {data?.items.length === 0 && <p className={styles.quiet}>{t('panel.none')}</p>}
      <ul className={styles.versions}>
        {data?.items.map((one) => (
          <li key={one.id}>
            <div className={styles.facts}>
              <Link to="/customers/segments/$id" params={{ id: one.id }}>
                {one.name}
              </Link>
              <Tag>{t(`kind.${one.kind}`)}</Tag>
              {one.why && (
                <Button
                  type="link"
                  size="small"
                  aria-expanded={open === one.id}
                  onClick={() => setOpen(open === one.id ? undefined : one.id)}
                >
                  {t('panel.open')}
                </Button>
              )}
            </div>
            {one.why && open !== one.id && <Short why={one.why} />}
            {open === one.id && one.why && <WhyTree why={one.why} computedAt={one.computed_at} />}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
