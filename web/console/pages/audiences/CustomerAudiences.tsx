import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Tag } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { Panel } from '../../components/PageShape.tsx'
import styles from './audiences.module.css'
import { audiencesKey } from './audiences.ts'
import { WhyTree } from './WhyTree.tsx'
import { words } from './words.ts'

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
            {open === one.id && one.why && <WhyTree why={one.why} computedAt={one.computed_at} />}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
