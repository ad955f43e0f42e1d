import { EyeOutlined } from '@ant-design/icons'
import { Button, Input, Popover } from 'antd'
import { type FormEvent, useId, useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../lib/explain.ts'
import styles from './Masked.module.css'
import { words } from './words.ts'

const shortest = 4

/**
 * Personal data behind a mask. `masked` is what the server sent; `onReveal` asks it for the clear value with a reason,
 * which the server writes into the audit log. Without `onReveal` the reader may not see it.
 */
export function Masked({
  name,
  masked,
  onReveal,
}: {
  name: string
  masked: string
  onReveal?: ((reason: string) => Promise<string>) | undefined
}) {
  const t = useWords(words)
  const inputId = useId()
  const [clear, setClear] = useState<string>()
  const [open, setOpen] = useState(false)
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<string>()
  const [busy, setBusy] = useState(false)

  if (clear !== undefined) return <span className="num">{clear}</span>
  if (!onReveal) return <span className="num">{masked}</span>

  async function reveal(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (reason.trim().length < shortest) {
      setProblem(t('masked.short'))
      return
    }
    setBusy(true)
    try {
      setClear(await onReveal?.(reason.trim()))
      setOpen(false)
    } catch (error) {
      const { title, hint } = explain(error)
      setProblem(`${title} ${hint}`)
    } finally {
      setBusy(false)
    }
  }

  const form = (
    <form className={styles.form} onSubmit={(event) => void reveal(event)}>
      <label htmlFor={inputId}>{t('masked.why')}</label>
      <Input
        id={inputId}
        placeholder={t('masked.placeholder')}
        maxLength={100}
        value={reason}
        status={problem === undefined ? '' : 'error'}
        onChange={(event) => {
          setReason(event.target.value)
          setProblem(undefined)
        }}
      />
      {problem !== undefined && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
      <Button type="primary" htmlType="submit" loading={busy}>
        {t('masked.show')}
      </Button>
    </form>
  )
  return (
    <span className={styles.masked}>
      <span className="num">{masked}</span>
      <Popover open={open} onOpenChange={setOpen} trigger="click" content={form}>
        <Button type="text" size="small" icon={<EyeOutlined />} aria-label={t('masked.reveal', { name })} />
      </Popover>
    </span>
  )
}
