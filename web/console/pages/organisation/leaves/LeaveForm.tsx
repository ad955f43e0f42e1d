import { useMutation } from '@tanstack/react-query'
import { Alert, App, Button, Input, Segmented } from 'antd'
import { useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { StaffPicker } from '../../../components/StaffPicker.tsx'
import type { StaffOption } from '../../../components/staff.rules.ts'
import { explain } from '../../../lib/explain.ts'
import { Field } from '../../channels/Field.tsx'
import styles from '../organisation.module.css'
import { members } from '../StoreForm.tsx'
import { refreshLeaves, type Span, SpanFields } from './LeaveRows.tsx'
import { type LeaveRow, readLeaves } from './leaveList.ts'
import { words } from './words.ts'

const noSpan: Span = { from: '', until: '', note: '' }

/** Notes leave: of this member, of members chosen, or of a list that is checked first. */
export function LeaveForm({ userid }: { userid?: string }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const [by, setBy] = useState<'member' | 'list'>('member')
  const [people, setPeople] = useState<StaffOption[]>([])
  const [span, setSpan] = useState(noSpan)
  const [text, setText] = useState('')
  const note = useMutation({
    mutationFn: ({ leaves, preview }: { leaves: LeaveRow[]; preview: boolean }) =>
      ask(api.POST('/api/staff-leaves', { body: { leaves, preview } })),
    onSuccess: async (taken, { preview }) => {
      if (preview || taken.added === 0) return
      void message.success(t('saved', { added: taken.added }))
      setSpan(noSpan)
      setPeople([])
      if (taken.refused === 0) setText('')
      await refreshLeaves()
    },
  })
  const rows = readLeaves(text)
  const who = userid === undefined ? people.map((one) => one.id) : [userid]
  const given = by === 'member' ? who.map((one) => ({ userid: one, ...span })) : typeof rows === 'number' ? [] : rows
  const complete = given.length > 0 && given.every(({ from, until }) => from !== '' && until !== '')
  const refused = note.data?.items.flatMap(({ why }, at) => (why === null ? [] : [{ line: at + 1, why }])) ?? []
  return (
    <div className={styles.form}>
      {userid === undefined && (
        <Segmented<'member' | 'list'>
          value={by}
          options={(['member', 'list'] as const).map((one) => ({ value: one, label: t(one) }))}
          onChange={(next) => {
            setBy(next)
            note.reset()
          }}
        />
      )}
      {by === 'member' ? (
        <>
          {userid === undefined && (
            <StaffPicker label={t('members')} value={people} source={members} onChange={setPeople} />
          )}
          <SpanFields span={span} onChange={setSpan} />
        </>
      ) : (
        <Field label={t('list.label')}>
          <Input.TextArea
            rows={6}
            value={text}
            placeholder="zhangsan,2026-12-01 09:00,2026-12-05 18:00,年假"
            onChange={({ target }) => {
              setText(target.value)
              note.reset()
            }}
          />
        </Field>
      )}
      {by === 'list' && typeof rows === 'number' && (
        <Alert type="warning" showIcon role="alert" title={t('list.bad', { line: rows })} />
      )}
      {note.data && (by === 'list' || refused.length > 0) && (
        <Alert
          type={refused.length > 0 ? 'warning' : 'info'}
          showIcon
          role="status"
          title={t('list.sound', { added: note.data.added, known: note.data.known, refused: note.data.refused })}
          description={refused.slice(0, 20).map((one) => <div key={one.line}>{t('list.refused', one)}</div>)}
        />
      )}
      {note.error && (
        <Alert
          type="error"
          showIcon
          role="alert"
          title={explain(note.error).title}
          description={explain(note.error).hint}
        />
      )}
      <div className={styles.actions}>
        {by === 'list' && (
          <Button
            disabled={!complete}
            loading={note.isPending}
            onClick={() => note.mutate({ leaves: given, preview: true })}
          >
            {t('list.preview')}
          </Button>
        )}
        <Button
          type="primary"
          disabled={!complete}
          loading={note.isPending}
          onClick={() => note.mutate({ leaves: given, preview: false })}
        >
          {t('save')}
        </Button>
      </div>
    </div>
  )
}
