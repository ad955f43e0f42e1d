import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App, Button, Input } from 'antd'
import { useId, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { duration, exactTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { FactList } from '../../components/FactList.tsx'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import { useMay } from '../../lib/session.ts'
import styles from '../imports/imports.module.css'
import { ConnectorEdit } from './ConnectorEdit.tsx'
import { type Connector, connectorsKey } from './connectors.ts'
import { mappingOf } from './mapping.ts'
import { ToPaste } from './ToPaste.tsx'
import { words } from './words.ts'

/** One connector: where it is told, its last error, what was refused; replay and switching off. */
export function ConnectorView({ one }: { one: Connector }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const mayWrite = useMay('connectors.write')
  const id = useId()
  const [day, setDay] = useState('')
  const [editing, setEditing] = useState(false)
  const params = { path: { id: one.id } }
  const done = () => queryClient.invalidateQueries({ queryKey: connectorsKey })
  const failed = (error: Error) => void message.error(explain(error).title)
  const faults = useQuery({
    queryKey: [...connectorsKey, one.id, 'faults'],
    queryFn: () => ask(api.GET('/api/connectors/{id}/faults', { params })),
  })
  const replay = useMutation({
    mutationFn: () => ask(api.POST('/api/connectors/{id}/replay', { params, body: { from: `${day}T00:00:00+08:00` } })),
    onSuccess: async () => {
      message.success(t('replay.begun'))
      await done()
    },
    onError: failed,
  })
  const turn = useMutation({
    mutationFn: () =>
      ask(
        api.PUT('/api/connectors/{id}', {
          params,
          body: { name: one.name, config: one.config, enabled: !one.enabled, version: one.version },
        }),
      ),
    onSuccess: done,
    onError: failed,
  })
  if (editing) return <ConnectorEdit key={one.version} one={one} onDone={() => setEditing(false)} />
  return (
    <div className={styles.wide}>
      {!mayWrite && <Alert type="info" showIcon title={t('readonly')} />}
      {one.failure !== null && (
        <Alert
          type="error"
          showIcon
          title={t('failure', { count: String(one.failures) })}
          description={
            one.next_try_at === null
              ? one.failure
              : `${one.failure} ${t('failure.next', { time: exactTime(one.next_try_at) })}`
          }
        />
      )}
      {one.replay_from !== null && (
        <Alert type="info" showIcon role="status" title={t('replay.running', { day: exactTime(one.replay_from) })} />
      )}
      {one.address !== null && <ToPaste label={t('address')} value={one.address} />}
      {one.folder !== null && <ToPaste label={t('folder')} value={one.folder} />}
      <FactList
        facts={[
          { label: t('column.kind'), value: one.kind_name },
          { label: t('column.lag'), value: one.lag_ms === null ? t('never') : duration(one.lag_ms) },
          { label: t('version.now'), value: t('version', { version: String(one.version) }) },
          { label: t('column.ok'), value: one.last_ok_at === null ? t('never') : exactTime(one.last_ok_at) },
          { label: t('column.fact'), value: one.latest_fact_at === null ? t('never') : exactTime(one.latest_fact_at) },
        ]}
      />
      {mayWrite && one.pulls && (
        <div className={styles.field}>
          <label htmlFor={id}>{t('replay.from')}</label>
          <div className={styles.acts}>
            <Input id={id} type="date" style={{ width: 180 }} value={day} onChange={(e) => setDay(e.target.value)} />
            <Button disabled={day === ''} loading={replay.isPending} onClick={() => replay.mutate()}>
              {t('replay')}
            </Button>
          </div>
          <p className={styles.hint}>
            {t('replay.how')}
            {one.replayed_from !== null && one.replayed_at !== null && one.replay_from === null
              ? ` ${t('replay.done', { day: exactTime(one.replayed_from), at: exactTime(one.replayed_at) })}`
              : ''}
          </p>
        </div>
      )}
      <section>
        <h2 className={styles.heading}>{t('faults')}</h2>
        {faults.data?.items.length === 0 && <p className={styles.hint}>{t('faults.none')}</p>}
        {(faults.data?.items.length ?? 0) > 0 && (
          <div className={styles.scroll}>
            <table className={styles.table}>
              <thead>
                <tr>
                  <th>{t('fault.number')}</th>
                  <th>{t('fault.reason')}</th>
                  <th>{t('fault.at')}</th>
                </tr>
              </thead>
              <tbody>
                {faults.data?.items.map((fault) => (
                  <tr key={`${fault.at} ${fault.number} ${fault.field}`}>
                    <td>{fault.number}</td>
                    <td>
                      {t('test.fault', { field: fault.field, reason: fault.reason })}
                      <p className={styles.hint}>{fault.hint}</p>
                    </td>
                    <td>{exactTime(fault.at)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
      {mayWrite && (
        <div className={styles.acts}>
          {mappingOf(one) !== undefined && <Button onClick={() => setEditing(true)}>{t('edit')}</Button>}
          <Button danger={one.enabled} loading={turn.isPending} onClick={() => turn.mutate()}>
            {t(one.enabled ? 'disable' : 'enable')}
          </Button>
        </div>
      )}
    </div>
  )
}
