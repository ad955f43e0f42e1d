import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { queryClient } from '../../lib/queryClient.ts'
import styles from './customers.module.css'
import { type CustomerEvent, customersKey } from './customers.ts'
import { eventText } from './eventText.ts'
import { groupEventText } from './groups/groupEventText.ts'
import { groupWords } from './groups/words.ts'
import { words } from './timeline.words.ts'
import { WelcomeWhy } from './WelcomeWhy.tsx'

const abouts = [
  ...(['relations', 'welcomes', 'orders', 'notes'] as const),
  ...(['standing', 'sends', 'groups', 'accounts', 'persons'] as const),
]
type About = (typeof abouts)[number]

/** What happens shows within 5 s of being known, the reading of it included. */
const everyMs = 2_000
const lateMs = 120_000

/** What happened to a customer, the newest first; an add tells which welcome it got, and why. */
export function Timeline({ id, since }: { id: number; since: string }) {
  const t = useWords(words)
  const [about, setAbout] = useState<About>()
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: [...customersKey, 'timeline', id, about ?? ''],
    queryFn: ({ pageParam }) =>
      ask(
        api.GET('/api/customers/{id}/timeline', {
          params: {
            path: { id },
            query: {
              limit: 30,
              ...(about === undefined ? {} : { about }),
              ...(pageParam === '' ? {} : { cursor: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: '',
    placeholderData: keepPreviousData,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: everyMs,
  })
  const newest = about === undefined ? data?.pages[0]?.items[0]?.id : undefined
  const seen = useRef(newest)
  useEffect(() => {
    // who he is and whose he is may have changed with it; every look at that is recorded, so it is looked at only now
    if (newest !== undefined && seen.current !== undefined && seen.current !== newest)
      void queryClient.invalidateQueries({ queryKey: [...customersKey, 'one', String(id)] })
    if (newest !== undefined) seen.current = newest
  }, [newest, id])
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading rows={6} />
  const events = data.pages.flatMap((page) => page.items)
  return (
    <>
      <fieldset className={styles.filters} aria-label={t('timeline.filter')}>
        {[undefined, ...abouts].map((one) => (
          <Button
            key={one ?? ''}
            size="small"
            type={one === about ? 'primary' : 'default'}
            aria-pressed={one === about}
            onClick={() => setAbout(one)}
          >
            {t(`timeline.${one ?? 'all'}`)}
          </Button>
        ))}
      </fieldset>
      {events.length === 0 && (
        <p className={styles.quiet} title={since}>
          {t(about === undefined ? 'timeline.none' : 'timeline.nothing')}
        </p>
      )}
      {events.length > 0 && (
        <ol className={styles.timeline}>
          {events.map((event) => (
            <Item key={event.id} event={event} />
          ))}
        </ol>
      )}
      {hasNextPage && (
        <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('timeline.more')}
        </Button>
      )}
    </>
  )
}

function Item({ event }: { event: CustomerEvent }) {
  const t = useWords(words)
  const ofGroups = useWords(groupWords)
  const [open, setOpen] = useState(false)
  const late = Date.parse(event.learnt_at) - Date.parse(event.at) > lateMs
  return (
    <li className={styles.event}>
      <div className={styles.eventHead}>
        <span>{groupEventText(event, ofGroups) ?? eventText(event, t)}</span>
        <span className={styles.quiet}>
          <Ago at={event.at} />
        </span>
      </div>
      <div className={styles.quiet}>
        {event.channel !== null && t('event.via', { channel: event.channel })}{' '}
        {late && t('event.late', { at: exactTime(event.learnt_at) })}
      </div>
      {event.welcome !== null && (
        <>
          <Button
            type="link"
            size="small"
            className={styles.why ?? ''}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            {t('why.open')}
          </Button>
          {open && <WelcomeWhy event={event} welcome={event.welcome} />}
        </>
      )}
    </li>
  )
}
