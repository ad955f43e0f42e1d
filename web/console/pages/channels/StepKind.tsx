import { useQuery } from '@tanstack/react-query'
import { AutoComplete, Checkbox, Input, Radio } from 'antd'
import { useWords } from '#shared/i18n/words.ts'
import type { StepProps } from './ChannelWizard.tsx'
import { type ChannelInput, kinds, readGroups } from './channel.ts'
import styles from './channels.module.css'
import { Field, FieldGroup } from './Field.tsx'
import { withKind } from './wizard.rules.ts'
import { words } from './wizard.words.ts'
import { words as listWords } from './words.ts'

export function StepKind({ draft, change, editing, faultOf }: StepProps) {
  const t = useWords(words)
  const tList = useWords(listWords)
  const { input } = draft
  const groups = useQuery({
    queryKey: ['channels', 'groups'],
    queryFn: readGroups,
  })
  const set = (part: Partial<ChannelInput>) => change((before) => ({ ...before, input: { ...before.input, ...part } }))
  return (
    <>
      <Field label={t('field.name')} hint={t('field.name.hint')} fault={faultOf('name')}>
        <Input
          value={input.name}
          count={{ show: true, max: 60, strategy: (text) => [...text].length }}
          onChange={(event) => set({ name: event.target.value })}
        />
      </Field>
      <Field label={t('field.group')} hint={t('field.group.hint')}>
        <AutoComplete
          className={styles.wide}
          value={input.group}
          options={(groups.data ?? []).map((group) => ({ value: group }))}
          showSearch={{ filterOption: (typed, option) => option?.value.includes(typed) ?? false }}
          onChange={(group: string) => set({ group: [...group].slice(0, 30).join('') })}
        />
      </Field>
      <FieldGroup label={t('field.kind')} {...(editing ? { hint: tList('kind.fixed') } : {})}>
        <Radio.Group
          className={styles.kinds}
          value={input.kind}
          disabled={editing}
          onChange={(event) =>
            change((before) => ({
              ...before,
              input: withKind(before.input, event.target.value as ChannelInput['kind']),
            }))
          }
        >
          {kinds.map((kind) => (
            <Radio key={kind} value={kind} className={styles.kind}>
              <span className={styles.kindName}>{tList(`kind.${kind}`)}</span>
              <span className={styles.kindText}>{tList(`kind.${kind}.text`)}</span>
            </Radio>
          ))}
        </Radio.Group>
      </FieldGroup>
      {input.kind === 'qr' && (
        <div className={styles.field}>
          <Checkbox
            checked={input.exclusive}
            disabled={editing}
            onChange={(event) => set({ exclusive: event.target.checked })}
          >
            {t('field.exclusive')}
          </Checkbox>
          <span className={styles.hint}>{t('field.exclusive.hint')}</span>
        </div>
      )}
    </>
  )
}
