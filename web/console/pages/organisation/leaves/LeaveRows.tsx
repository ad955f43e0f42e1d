import { useMutation } from '@tanstack/react-query'
import { Alert, App, Button, Input, Popconfirm, Tag } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import type { components } from '#shared/api/schema.gen.ts'
import { exactTime } from '#shared/format/time.ts'
import { useWords } from '#shared/i18n/words.ts'
import { useNow } from '../../../lib/businessClock.ts'
import { explain } from '../../../lib/explain.ts'
import { queryClient } from '../../../lib/queryClient.ts'
import { useMay } from '../../../lib/session.ts'
import { Field } from '../../channels/Field.tsx'
import styles from '../organisation.module.css'
import { momentOfWall, wallOf } from './leaveList.ts'
import { words } from './words.ts'

type Leave = components['schemas']['StaffLeave']
export type Span = { from: string; until: string; note: string }

export const refreshLeaves = () => queryClient.invalidateQueries({ queryKey: ['staff'] })

/** Leave that is noted, each to be changed or ended. */
export function LeaveRows({ leaves, named }: { leaves: readonly Leave[]; named: boolean }) {
  return (
    <ul className={styles.leaves}>
      {leaves.map((leave) => (
        <li key={leave.id} aria-label={leave.name}>
          <LeaveLine leave={leave} named={named} />
        </li>
      ))}
    </ul>
  )
}

function LeaveLine({ leave, named }: { leave: Leave; named: boolean }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const mayWrite = useMay('leaves.write')
  const now = useNow()
  const [span, setSpan] = useState<Span>()
  const path = { params: { path: { id: leave.id } } }
  const save = useMutation({
    mutationFn: (body: Span) => ask(api.PUT('/api/staff-leaves/{id}', { ...path, body })),
    onSuccess: async () => {
      setSpan(undefined)
      void message.success(t('change.saved'))
      await refreshLeaves()
    },
  })
  const end = useMutation({
    mutationFn: () => api.DELETE('/api/staff-leaves/{id}', path),
    onSuccess: async () => {
      void message.success(t('deleted'))
      await refreshLeaves()
    },
  })
  const failure = save.error ?? end.error
  const begun = Date.parse(leave.from) <= now
  return (
    <div className={styles.form}>
      <div className={styles.leave}>
        <span>
          {named && <strong>{leave.name} </strong>}
          <Tag color={begun ? 'warning' : 'default'}>{t(begun ? 'now' : 'coming')}</Tag>
          <span className="num">
            {t('span', { from: exactTime(leave.from).slice(0, 16), until: exactTime(leave.until).slice(0, 16) })}
          </span>
          {leave.note !== '' && <span className={styles.quiet}> {leave.note}</span>}
        </span>
        {mayWrite && span === undefined && (
          <span className={styles.actions}>
            <Button size="small" onClick={() => setSpan({ from: leave.from, until: leave.until, note: leave.note })}>
              {t('change')}
            </Button>
            <Popconfirm
              title={t('delete.sure')}
              okText={t('delete')}
              cancelText={t('cancel')}
              onConfirm={() => end.mutate()}
            >
              <Button size="small" loading={end.isPending}>
                {t('delete')}
              </Button>
            </Popconfirm>
          </span>
        )}
      </div>
      {span !== undefined && (
        <>
          <SpanFields span={span} onChange={setSpan} />
          <div className={styles.actions}>
            <Button type="primary" size="small" loading={save.isPending} onClick={() => save.mutate(span)}>
              {t('change.save')}
            </Button>
            <Button size="small" onClick={() => setSpan(undefined)}>
              {t('cancel')}
            </Button>
          </div>
        </>
      )}
      {failure && (
        <Alert type="error" showIcon role="alert" title={explain(failure).title} description={explain(failure).hint} />
      )}
    </div>
  )
}

/** From, until and a note; the wall clock is the corp's. */
export function SpanFields({ span, onChange }: { span: Span; onChange: (span: Span) => void }) {
  const t = useWords(words)
  return (
    <div className={styles.pair}>
      {(['from', 'until'] as const).map((end) => (
        <Field key={end} label={t(end)}>
          <Input
            type="datetime-local"
            value={span[end] === '' ? '' : wallOf(span[end])}
            onChange={({ target }) => onChange({ ...span, [end]: momentOfWall(target.value) ?? '' })}
          />
        </Field>
      ))}
      <Field label={t('note')}>
        <Input value={span.note} maxLength={100} onChange={({ target }) => onChange({ ...span, note: target.value })} />
      </Field>
    </div>
  )
}
