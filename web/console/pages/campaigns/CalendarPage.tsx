import { LeftOutlined, RightOutlined, WarningOutlined } from '@ant-design/icons'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Alert, Button, Segmented } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { exactCount } from '#shared/format/number.ts'
import { clockTime, exactTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { PageShape, Panel } from '../../components/PageShape.tsx'
import { useNow } from '../../lib/businessClock.ts'
import { useUrl } from '../../lib/useUrl.ts'
import styles from './calendar.module.css'
import { daysShown, type Span, step } from './calendar.rules.ts'
import { type Calendar, campaignsKey } from './campaign.ts'
import { kindPaths } from './kind.ts'
import { words } from './pages.words.ts'
import { words as runWords } from './run.words.ts'
import { words as listWords } from './words.ts'

const shownAtFirst = 8
const dayKeys = ['day.0', 'day.1', 'day.2', 'day.3', 'day.4', 'day.5', 'day.6'] as const

/** 运营日历: what goes out on which day, and where two sends meet the same customers. */
export function CalendarPage() {
  const t = useWords(words)
  const tList = useWords(listWords)
  const [url, changeUrl] = useUrl()
  const today = exactTime(useNow(60_000)).slice(0, 10)
  const span: Span = url['span'] === 'week' ? 'week' : 'month'
  const asked = url['day'] ?? ''
  const anchor = /^\d{4}-\d\d-\d\d$/.test(asked) ? asked : today
  const days = daysShown(anchor, span)
  const [from, to] = [days[0] ?? anchor, days.at(-1) ?? anchor]
  const pages = useInfiniteQuery({
    queryKey: [...campaignsKey, 'calendar', from, to],
    queryFn: ({ pageParam: cursor }) =>
      ask(
        api.GET('/api/campaigns/calendar', {
          params: { query: { from, to, ...(cursor === '' ? {} : { cursor }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
  })
  const { error, refetch } = pages
  const data = pages.data && together(pages.data.pages)
  const go = (day: string) => changeUrl({ day: day === today ? undefined : day })
  const title =
    span === 'month'
      ? t('calendar.of', { year: anchor.slice(0, 4), month: Number(anchor.slice(5, 7)) })
      : t('calendar.week.of', { from, to })
  return (
    <PageShape title={t('calendar.title')} purpose={t('calendar.purpose')}>
      <Conflicts calendar={data} />
      <Panel
        title={title}
        aside={
          <div className={styles.moves}>
            <Segmented<Span>
              value={span}
              options={(['month', 'week'] as const).map((one) => ({ value: one, label: t(`calendar.${one}`) }))}
              onChange={(next) => changeUrl({ span: next === 'week' ? next : undefined })}
            />
            <Button
              icon={<LeftOutlined />}
              aria-label={t('calendar.previous')}
              onClick={() => go(step(anchor, span, -1))}
            />
            <Button onClick={() => go(today)}>{t('calendar.today')}</Button>
            <Button
              icon={<RightOutlined />}
              aria-label={t('calendar.next')}
              onClick={() => go(step(anchor, span, 1))}
            />
          </div>
        }
      >
        {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
        <div className={styles.heads} aria-hidden="true">
          {dayKeys.map((key) => (
            <span key={key}>{tList(key)}</span>
          ))}
        </div>
        <ol className={styles.days}>
          {days.map((day, at) => (
            <Day
              key={day}
              day={day}
              name={tList(dayKeys[at % 7] ?? 'day.0')}
              calendar={data}
              faded={span === 'month' && day.slice(0, 7) !== anchor.slice(0, 7)}
              today={day === today}
            />
          ))}
        </ol>
        {pages.hasNextPage && (
          <p className={styles.more} role="status">
            {t('calendar.more', {
              ...{ count: data?.entries.length ?? 0, time: exactTime(data?.entries.at(-1)?.at ?? from).slice(0, 16) },
            })}
            <Button loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
              {t('calendar.more.show')}
            </Button>
          </p>
        )}
        {data?.entries.length === 0 && <p className={styles.none}>{t('calendar.none')}</p>}
      </Panel>
    </PageShape>
  )
}

/** The pages of a span as one. */
function together(pages: readonly Calendar[]): Calendar | undefined {
  const [first] = pages
  if (first === undefined) return undefined
  return {
    ...first,
    entries: pages.flatMap((one) => one.entries),
    conflicts: pages.flatMap((one) => one.conflicts),
    uncounted: pages.reduce((sum, one) => sum + one.uncounted, 0),
  }
}

function Day({
  day,
  name,
  calendar,
  faded,
  today,
}: {
  day: string
  name: string
  calendar: Calendar | undefined
  faded: boolean
  today: boolean
}) {
  const t = useWords(words)
  const tList = useWords(listWords)
  const tRun = useWords(runWords)
  const entries = calendar?.entries.filter((one) => one.day === day) ?? []
  const conflicts = calendar?.conflicts.filter((one) => one.day === day) ?? []
  return (
    <li
      className={styles.day}
      data-faded={faded}
      data-today={today}
      data-empty={entries.length === 0}
      aria-label={t('calendar.day', { day, count: entries.length })}
      {...(today ? { 'aria-current': 'date' as const } : {})}
    >
      <span className={styles.date}>
        <span className={styles.weekday}>{name} </span>
        {Number(day.slice(8))}
        {conflicts.length > 0 && (
          <WarningOutlined
            className={styles.conflict}
            aria-label={t('calendar.conflicts.of', { count: conflicts.length })}
          />
        )}
      </span>
      {entries.map((one) => (
        <Link
          key={`${one.campaign_id} ${one.at}`}
          className={styles.entry}
          data-state={one.run?.state ?? one.state}
          to={`${kindPaths[one.kind]}/${one.campaign_id}`}
          title={one.name}
        >
          <span className={styles.when}>
            <span className="num">{clockTime(one.at)}</span>{' '}
            {one.run === null ? tList(`state.${one.state}`) : tRun(`run.${one.run.state}`)}
          </span>{' '}
          {one.name}
        </Link>
      ))}
    </li>
  )
}

function Conflicts({ calendar }: { calendar: Calendar | undefined }) {
  const t = useWords(words)
  const [all, setAll] = useState(false)
  if (calendar === undefined || calendar.conflicts.length + calendar.uncounted === 0) return null
  const nameOf = (id: string) => calendar.entries.find((one) => one.campaign_id === id)?.name ?? id
  return (
    <Alert
      type="warning"
      showIcon
      title={t('calendar.conflicts.of', { count: calendar.conflicts.length })}
      description={
        <ul className={styles.plain}>
          {calendar.conflicts.slice(0, all ? undefined : shownAtFirst).map((one) => (
            <li key={`${one.day} ${one.a} ${one.b}`}>
              <span className="num">{one.day}</span>{' '}
              {t(one.groups > 0 ? 'calendar.conflict.groups' : 'calendar.conflict', {
                groups: exactCount(one.groups),
                ...{ a: nameOf(one.a), b: nameOf(one.b), persons: exactCount(one.persons) },
              })}
              {one.groups > 0 &&
                (one.first === null ? t('calendar.first.equal') : t('calendar.first', { name: nameOf(one.first) }))}
            </li>
          ))}
          {!all && calendar.conflicts.length > shownAtFirst && (
            <li>
              <Button size="small" onClick={() => setAll(true)}>
                {t('calendar.conflicts.all', { count: calendar.conflicts.length })}
              </Button>
            </li>
          )}
          {calendar.uncounted > 0 && <li>{t('calendar.uncounted', { count: calendar.uncounted })}</li>}
        </ul>
      }
    />
  )
}
