import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, Drawer, Tag } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { listed } from '#shared/format/list.ts'
import { exactCount } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import { Ago } from '../../components/Ago.tsx'
import { ErrorState } from '../../components/ErrorState.tsx'
import { FactList } from '../../components/FactList.tsx'
import { Loading } from '../../components/Loading.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { useMay } from '../../lib/session.ts'
import { Leaves } from './leaves/LeavesDrawer.tsx'
import { words as leaveWords } from './leaves/words.ts'
import styles from './organisation.module.css'
import { type Member, readinessColours } from './readiness.ts'
import { words } from './words.ts'

/** One member: whether he can take customers, why not, what mends it and where; how full he is. */
export function StaffDrawer({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  const t = useWords(words)
  const { data, error, refetch } = useQuery({
    queryKey: ['staff', 'one', id],
    queryFn: () => ask(api.GET('/api/staff/{userid}', { params: { path: { userid: id ?? '' } } })),
    enabled: id !== undefined,
  })
  return (
    <Drawer open={id !== undefined} onClose={onClose} size={520} title={data?.name ?? t('staff.title')} destroyOnHidden>
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!error && !data && <Loading />}
      {data && <MemberView member={data} />}
    </Drawer>
  )
}

function MemberView({ member }: { member: Member }) {
  const t = useWords(words)
  const tLeaves = useWords(leaveWords)
  const { message } = App.useApp()
  const mayRecheck = useMay('channels.write')
  const recheck = useMutation({
    mutationFn: () => api.POST('/api/capacity/{userid}/recheck', { params: { path: { userid: member.userid } } }),
    onSuccess: async () => {
      message.success(t('staff.rechecked'))
      await queryClient.invalidateQueries({ queryKey: ['staff'] })
    },
    onError: (error) => message.error(explain(error).title),
  })
  return (
    <div className={styles.form}>
      <section className={styles.section}>
        <div className={styles.actions}>
          <Tag color={readinessColours[member.readiness]}>{t(`readiness.${member.readiness}`)}</Tag>
        </div>
        <dl className={styles.steps}>
          <dt>{t('staff.why')}</dt>
          <dd>{member.why}</dd>
          <dt>{t('staff.mend')}</dt>
          <dd>{member.mend}</dd>
          {member.menu_path !== null && (
            <>
              <dt>{t('staff.where')}</dt>
              <dd>{member.menu_path}</dd>
            </>
          )}
        </dl>
        {mayRecheck && member.readiness === 'not_addable' && (
          <div>
            <Button type="primary" loading={recheck.isPending} onClick={() => recheck.mutate()}>
              {t('staff.recheck')}
            </Button>
          </div>
        )}
      </section>
      <section className={styles.section}>
        <h3 className={styles.heading}>{tLeaves('mine')}</h3>
        <Leaves userid={member.userid} />
      </section>
      <section className={styles.section}>
        <h3 className={styles.heading}>{t('staff.capacity')}</h3>
        <FactList
          facts={[
            {
              label: t('staff.column.customers'),
              value: `${exactCount(member.customers)} / ${exactCount(member.cap)}`,
            },
            { label: t('staff.column.today'), value: exactCount(member.adds_today) },
            { label: t('staff.column.net7'), value: exactCount(member.net7) },
            { label: t('staff.column.codes'), value: exactCount(member.codes) },
          ]}
        />
      </section>
      <section className={styles.section}>
        <h3 className={styles.heading}>{t('staff.facts')}</h3>
        <FactList
          facts={[
            { label: t('staff.column.userid'), value: member.userid },
            { label: t('staff.column.position'), value: member.position ?? '–' },
            { label: t('staff.store'), value: member.store?.name ?? t('staff.store.none') },
            { label: t('staff.department'), value: listed(member.departments.map((one) => one.name)) || '–' },
            { label: t('staff.column.seen'), value: <Ago at={member.seen_at} /> },
          ]}
        />
      </section>
    </div>
  )
}
