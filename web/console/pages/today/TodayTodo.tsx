import { CheckCircleOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Loading } from '../../components/Loading.tsx'
import { Panel } from '../../components/PageShape.tsx'
import { alarmsQuery } from '../../frame/Alarms.tsx'
import styles from './TodayPage.module.css'
import { words } from './words.ts'

/** What a person should do now: tasks that a missed welcome left, then the alarms, gravest first. */
export function TodayTodo({ openTasks }: { openTasks: number }) {
  const t = useWords(words)
  const { data, error, refetch } = useQuery(alarmsQuery)
  const alarms = data?.items ?? []
  return (
    <Panel title={t('todo.title')}>
      {error && <ErrorState error={error} onRetry={() => void refetch()} inline />}
      {!data && !error && <Loading rows={3} />}
      {data && alarms.length === 0 && openTasks === 0 && (
        <p className={styles.calm}>
          <CheckCircleOutlined aria-hidden="true" /> {t('todo.none')}
        </p>
      )}
      <ul className={styles.todo}>
        {openTasks > 0 && (
          <li data-severity="amber">
            <strong>{t('todo.tasks', { count: openTasks })}</strong>
            <p>{t('todo.tasks.what')}</p>
          </li>
        )}
        {alarms.map((alarm) => (
          <li key={alarm.id} data-severity={alarm.severity}>
            <strong>{alarm.title}</strong>
            <p>{alarm.advice}</p>
            <p className={styles.todoFoot}>
              <Ago at={alarm.raised_at} />
              {alarm.subject.path !== null && <Link to={alarm.subject.path}>{t('todo.open')}</Link>}
            </p>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
