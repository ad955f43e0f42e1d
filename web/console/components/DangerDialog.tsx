import { Button, Input, Modal } from 'antd'
import { type ReactNode, useId, useState } from 'react'
import { exactCount } from '#shared/format/number.ts'
import { useWords } from '#shared/i18n/words.ts'
import styles from './DangerDialog.module.css'
import { words } from './words.ts'

/** From so many people on, their number is typed: a click is made too easily. */
const typedFrom = 100

interface Props {
  readonly open: boolean
  readonly title: string
  /** What it touches, and what cannot be undone. */
  readonly text: string
  /** The button says what it does. */
  readonly act: string
  /** How many people it touches. */
  readonly people: number
  readonly pending: boolean
  readonly onAct: () => void
  readonly onBack: () => void
  /** A milder way, beside. */
  readonly beside?: ReactNode
}

/** Asks before something that cannot be undone, and has the number of people typed where they are many. */
export function DangerDialog({ open, title, onBack, ...asked }: Props) {
  return (
    <Modal open={open} title={title} onCancel={onBack} footer={null} destroyOnHidden>
      <Question {...asked} onBack={onBack} />
    </Modal>
  )
}

function Question({ text, act, people, pending, onAct, onBack, beside }: Omit<Props, 'open' | 'title'>) {
  const t = useWords(words)
  const id = useId()
  const [typed, setTyped] = useState('')
  const ready = people < typedFrom || typed.replace(/[\s,，]/g, '') === String(people)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (ready) onAct()
      }}
    >
      <p>{text}</p>
      {people >= typedFrom && (
        <div className={styles.typed}>
          <label htmlFor={id}>{t('danger.type', { people: exactCount(people) })}</label>
          <Input
            id={id}
            value={typed}
            inputMode="numeric"
            autoComplete="off"
            placeholder={String(people)}
            onChange={(event) => setTyped(event.target.value)}
          />
        </div>
      )}
      <div className={styles.acts}>
        <Button onClick={onBack}>{t('danger.back')}</Button>
        {beside}
        <Button type="primary" danger htmlType="submit" disabled={!ready} loading={pending}>
          {act}
        </Button>
      </div>
    </form>
  )
}
