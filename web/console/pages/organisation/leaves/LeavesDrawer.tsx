import { useQuery } from '@tanstack/react-query'
import { Drawer } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { ErrorState } from '../../../components/ErrorState.tsx'
import { Loading } from '../../../components/Loading.tsx'
import { useMay } from '../../../lib/session.ts'
import styles from '../organisation.module.css'
import { LeaveForm } from './LeaveForm.tsx'
import { LeaveRows } from './LeaveRows.tsx'
import { words } from './words.ts'

/** Everybody's leave that is not over, and how to note more. */
export function LeavesDrawer({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useWords(words)
  return (
    <Drawer open={open} onClose={onClose} size={560} title={t('title')} destroyOnHidden>
      <p className={styles.hint}>{t('hint')}</p>
      <Leaves />
    </Drawer>
  )
}

/** Leave of one member, or of all whom one may see. */
export function Leaves({ userid }: { userid?: string }) {
  const t = useWords(words)
  const mayWrite = useMay('leaves.write')
  const query = { when: 'open' as const, limit: 200, ...(userid === undefined ? {} : { userid }) }
  const { data, error, refetch } = useQuery({
    queryKey: ['staff', 'leaves', userid ?? ''],
    queryFn: () => ask(api.GET('/api/staff-leaves', { params: { query } })),
  })
  return (
    <div className={styles.form}>
      {error && <ErrorState error={error} onRetry={() => void refetch()} inline />}
      {!data && !error && <Loading rows={2} />}
      {data?.items.length === 0 && (
        <p className={styles.quiet}>
          {t('none')} · {t('none.how')}
        </p>
      )}
      {data && <LeaveRows leaves={data.items} named={userid === undefined} />}
      {mayWrite && (
        <section className={styles.section}>
          <h3 className={styles.heading}>{t('add')}</h3>
          <LeaveForm {...(userid === undefined ? {} : { userid })} />
        </section>
      )}
    </div>
  )
}
