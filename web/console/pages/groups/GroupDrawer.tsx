import { useQuery } from '@tanstack/react-query'
import { Drawer } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { listed } from '#shared/format/list.ts'
import { exactCount } from '#shared/format/number.ts'
import { exactTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { Chart } from '../../components/Chart.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { FactList } from '../../components/FactList.tsx'
import { Loading } from '../../components/Loading.tsx'
import { useMay } from '../../lib/session.ts'
import { GroupQuota } from '../governor/QuotaFacts.tsx'
import { GroupMembers } from './GroupMembers.tsx'
import styles from './groups.module.css'
import { type GroupDetail, groupsKey, shortDay } from './groups.ts'
import { words } from './words.ts'

/** How many people the platform lets into one group. */
const most = 500

/** One group: whose it is, how its customers came, who came and went, and who is in it. */
export function GroupDrawer({ chat, onClose }: { chat: string; onClose: () => void }) {
  const t = useWords(words)
  const mayRule = useMay('governor.read')
  const { data, error, refetch } = useQuery({
    queryKey: [...groupsKey, 'one', chat],
    queryFn: () => ask(api.GET('/api/groups/{chat}', { params: { path: { chat } } })),
  })
  return (
    <Drawer open size={860} title={data ? data.name || t('unnamed') : t('title')} onClose={onClose}>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading rows={10} />}
      {data && (
        <div className={styles.drawer}>
          <Facts group={data} />
          {mayRule && (
            <section>
              <h3 className={styles.heading}>{t('detail.quota')}</h3>
              <GroupQuota chat={chat} />
            </section>
          )}
          <Ways group={data} />
          <section>
            <h3 className={styles.heading}>{t('detail.days')}</h3>
            <p className={styles.text}>{t('detail.days.text')}</p>
            <Chart
              name={t('detail.days')}
              kind="bar"
              light
              height={160}
              labels={data.days.map(({ day }) => shortDay(day))}
              series={[
                { name: t('detail.joined'), values: data.days.map(({ joined }) => joined) },
                { name: t('detail.left'), values: data.days.map(({ left }) => left) },
              ]}
            />
          </section>
          <GroupMembers chat={chat} />
        </div>
      )}
    </Drawer>
  )
}

function Facts({ group }: { group: GroupDetail }) {
  const t = useWords(words)
  return (
    <FactList
      facts={[
        { label: t('column.owner'), value: group.owner.name },
        { label: t('column.store'), value: group.store?.name ?? t('none') },
        {
          label: t('column.members'),
          value: t('detail.full', {
            members: exactCount(group.members),
            customers: exactCount(group.customers),
            most: exactCount(most),
          }),
        },
        { label: t('column.state'), value: t(`state.${group.state}`) },
        { label: t('column.created'), value: exactTime(group.created_at) },
        ...(group.dismissed_at === null
          ? []
          : [{ label: t('detail.dismissed'), value: exactTime(group.dismissed_at) }]),
        { label: t('detail.admins'), value: listed(group.admins.map(({ name }) => name)) || t('none') },
        { label: t('column.read'), value: exactTime(group.read_at) },
        ...(group.notice === null
          ? []
          : [{ label: t('detail.notice'), value: <span className={styles.notice}>{group.notice}</span> }]),
      ]}
    />
  )
}

function Ways({ group }: { group: GroupDetail }) {
  const t = useWords(words)
  if (group.ways.length === 0) return null
  return (
    <section>
      <h3 className={styles.heading}>{t('detail.ways')}</h3>
      <p className={styles.text}>{t('detail.ways.text')}</p>
      <ul className={styles.ways}>
        {group.ways.map(({ scene, customers }) => (
          <li key={scene}>
            {t(`way.${scene}`)} <strong>{t('way.count', { count: exactCount(customers) })}</strong>
          </li>
        ))}
      </ul>
      {group.invitors.length > 0 && (
        <p className={styles.text}>
          {t('detail.invitors')}：
          {group.invitors
            .map(({ name, customers }) => t('detail.invitor', { name, count: exactCount(customers) }))
            .join('；')}
        </p>
      )}
    </section>
  )
}
