import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Checkbox, Dropdown, Input, Segmented } from 'antd'
import { useId } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { AttachmentEditor } from './AttachmentEditor.tsx'
import { Field } from './Field.tsx'
import { FieldFaults } from './FieldFaults.tsx'
import styles from './welcome.module.css'
import {
  attachmentKinds,
  type Band,
  bandStages,
  clockMinute,
  clockText,
  type Fault,
  newAttachment,
  placeholders,
} from './welcome.ts'
import { words } from './words.ts'

interface BandProps {
  value: Band
  index: number
  faults: readonly Fault[]
  attachmentLimit: number
  only: boolean
  onChange: (value: Band) => void
  onRemove: () => void
  onFocus: () => void
}

/** The hours of a welcome and what is said in them. */
export function BandEditor({ value, index, faults, attachmentLimit, only, onChange, onRemove, onFocus }: BandProps) {
  const t = useWords(words)
  const id = useId()
  const path = `bands.${index}`
  const { content } = value
  const attachments = content.attachments ?? []
  const setContent = (changed: Partial<Band['content']>) => onChange({ ...value, content: { ...content, ...changed } })
  return (
    <fieldset className={styles.band} onFocus={onFocus}>
      <div className={styles.row}>
        <Field label={t('band.name')} grow>
          {(id) => (
            <Input
              id={id}
              value={value.name}
              maxLength={30}
              onChange={(event) => onChange({ ...value, name: event.target.value })}
            />
          )}
        </Field>
        <Clock
          label={t('band.from')}
          minute={value.from_minute}
          onChange={(minute) => onChange({ ...value, from_minute: Math.min(minute, 1439) })}
        />
        <Clock
          label={t('band.until')}
          minute={value.until_minute}
          onChange={(minute) => onChange({ ...value, until_minute: minute })}
        />
        {!only && <Button type="text" icon={<DeleteOutlined />} aria-label={t('band.remove')} onClick={onRemove} />}
      </div>
      {value.until_minute <= value.from_minute && <span className={styles.hint}>{t('band.over')}</span>}
      <FieldFaults faults={faults} path={`${path}.hours`} />
      <Checkbox.Group
        aria-label={t('band.days')}
        value={value.weekdays}
        options={[0, 1, 2, 3, 4, 5, 6].map((day) => ({ value: day, label: t(`day.${day as 0}`) }))}
        onChange={(days) => onChange({ ...value, weekdays: days.map(Number) })}
      />
      <div className={styles.field}>
        <span className={styles.label}>{t('band.stage')}</span>
        <div>
          <Segmented
            aria-label={t('band.stage')}
            value={value.stage ?? 'both'}
            options={bandStages.map((stage) => ({ value: stage, label: t(`stage.${stage}`) }))}
            onChange={(stage) => onChange({ ...value, stage })}
          />
        </div>
        <span className={styles.hint}>{t('band.stage.hint')}</span>
      </div>
      <div className={styles.field}>
        <label className={styles.label} htmlFor={`${id}-text`}>
          {t('text')}
        </label>
        <Input.TextArea
          id={`${id}-text`}
          value={content.text}
          autoSize={{ minRows: 3, maxRows: 10 }}
          onChange={(event) => setContent({ text: event.target.value })}
        />
        <div className={styles.row}>
          <span className={styles.hint}>{t('insert')}</span>
          {placeholders.map((placeholder) => (
            <Button
              key={placeholder}
              size="small"
              onClick={() => setContent({ text: `${content.text}${placeholder}` })}
            >
              {placeholder}
            </Button>
          ))}
        </div>
        <FieldFaults faults={faults} path={`${path}.text`} />
      </div>
      {content.text.includes('{客户昵称}') && (
        <div className={styles.field}>
          <label className={styles.label} htmlFor={`${id}-fallback`}>
            {t('text.withoutName')}
          </label>
          <Input.TextArea
            id={`${id}-fallback`}
            value={content.text_without_name}
            autoSize={{ minRows: 2, maxRows: 8 }}
            onChange={(event) => setContent({ text_without_name: event.target.value })}
          />
          <span className={styles.hint}>{t('text.withoutName.hint')}</span>
          <FieldFaults faults={faults} path={`${path}.text_without_name`} />
        </div>
      )}
      <span className={styles.label}>{t('attachments', { used: attachments.length, limit: attachmentLimit })}</span>
      {attachments.map((attachment, i) => (
        <AttachmentEditor
          // biome-ignore lint/suspicious/noArrayIndexKey: an attachment has no name but its place
          key={i}
          value={attachment}
          path={`${path}.attachments.${i}`}
          below={(field) => <FieldFaults faults={faults} path={field} />}
          onChange={(next) => setContent({ attachments: attachments.map((one, at) => (at === i ? next : one)) })}
          onRemove={() => setContent({ attachments: attachments.filter((_, at) => at !== i) })}
        />
      ))}
      <FieldFaults faults={faults} path={`${path}.attachments`} />
      <div>
        <Dropdown
          trigger={['click']}
          disabled={attachments.length >= attachmentLimit}
          menu={{
            items: attachmentKinds.map((kind) => ({ key: kind, label: t(`attachment.${kind}`) })),
            onClick: ({ key }) => {
              const kind = attachmentKinds.find((one) => one === key)
              if (kind) setContent({ attachments: [...attachments, newAttachment(kind)] })
            },
          }}
        >
          <Button icon={<PlusOutlined />}>{t('attachment.add')}</Button>
        </Dropdown>
      </div>
    </fieldset>
  )
}

function Clock({ label, minute, onChange }: { label: string; minute: number; onChange: (minute: number) => void }) {
  return (
    <Field label={label}>
      {(id) => (
        <Input
          id={id}
          className={styles.clock ?? ''}
          key={minute}
          defaultValue={clockText(minute)}
          onBlur={(event) => {
            const next = clockMinute(event.target.value)
            if (next !== undefined) onChange(next)
            else event.target.value = clockText(minute)
          }}
        />
      )}
    </Field>
  )
}
