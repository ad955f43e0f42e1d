import styles from './parts.module.css'
import { Sheet } from './sheet.tsx'

type Props = { text: string; act: string; cancel: string; onAct: () => void; onCancel: () => void }

/** WeChat's action sheet: what will happen in grey, the act in red, cancel apart. */
export function Confirm({ text, act, cancel, onAct, onCancel }: Props) {
  return (
    <Sheet label={act} onClose={onCancel}>
      <p className={styles.confirmText}>{text}</p>
      <button type="button" className={styles.confirmAct} onClick={onAct}>
        {act}
      </button>
      <button type="button" className={styles.confirmCancel} onClick={onCancel}>
        {cancel}
      </button>
    </Sheet>
  )
}
