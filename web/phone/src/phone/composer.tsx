import { useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { words } from '../words.ts'
import styles from './chat.module.css'

/** Enter sends, Shift-Enter breaks the line; Enter that ends an input-method word does neither. */
export function Composer({ onSend }: { onSend: (text: string) => void }) {
  const t = useWords(words)
  const [text, setText] = useState('')
  function send() {
    const trimmed = text.trim()
    if (trimmed === '') return
    onSend(trimmed)
    setText('')
  }
  return (
    <form
      className={styles.composer}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <textarea
        className={styles.input}
        rows={1}
        value={text}
        maxLength={4000}
        aria-label={t('chat.input')}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault()
            send()
          }
        }}
      />
      <button type="submit" className={styles.send} disabled={text.trim() === ''}>
        {t('chat.send')}
      </button>
    </form>
  )
}
