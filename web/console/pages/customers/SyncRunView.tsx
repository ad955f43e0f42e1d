import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { listed } from '#shared/format/list.ts'
import { exactCount } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import { JobProgress } from '../../components/JobProgress.tsx'
import { explain } from '../../lib/explain.ts'
import { useMay } from '../../lib/session.ts'
import styles from './customers.module.css'
import { type SyncRun, syncKey } from './customers.ts'
import { GroupsRead } from './groups/GroupsRead.tsx'
import { words } from './sync.words.ts'

/** One sync: how far it is, or what it found. */
export function SyncRunView({ run }: { run: SyncRun }) {
  const t = useWords(words)
  const mayCancel = useMay('operations.cancel')
  const client = useQueryClient()
  const { message } = App.useApp()
  const cancel = useMutation({
    mutationFn: () => ask(api.POST('/api/operations/{id}/cancel', { params: { path: { id: run.id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: syncKey }),
    onError: (error) => void message.error(explain(error).title),
  })
  const { report } = run
  return (
    <div>
      <JobProgress
        job={{ ...run, title: t(`sync.kind.${run.kind}`) }}
        {...(mayCancel && !run.cancel_asked ? { onCancel: () => cancel.mutate() } : {})}
      />
      {report && (
        <p className={styles.report}>
          {t('sync.report', {
            relations: exactCount(report.relations),
            members: exactCount(report.members),
            found: exactCount(report.found),
            vanished: exactCount(report.vanished),
          })}
        </p>
      )}
      {run.groups && <GroupsRead report={run.groups} running={report === null} />}
      {report && report.kept > 0 && (
        <p className={styles.warning}>{t('sync.kept', { count: exactCount(report.kept) })}</p>
      )}
      {report && report.skipped.length > 0 && (
        <p className={styles.warning}>
          {t('sync.skipped', {
            count: report.skipped.length,
            names: listed(report.skipped.slice(0, 5).map((one) => `${one.userid} ${one.errcode}`)),
          })}
        </p>
      )}
    </div>
  )
}
