import { useWords } from '#shared/i18n/words.ts'
import styles from './app-messages.module.css'
import type { MessageButton } from './ButtonsField.tsx'
import { words } from './words.ts'

interface Props {
  readonly title: string
  readonly text: string
  readonly buttons: readonly MessageButton[]
}

/** How the card looks in WeCom; variables stand as they are, since nobody is meant yet. */
export function CardPreview({ title, text, buttons }: Props) {
  const t = useWords(words)
  return (
    <figure className={styles.preview}>
      <figcaption className={styles.quiet}>{t('buttons.preview')}</figcaption>
      <div className={styles.card} lang="zh">
        <strong>{title}</strong>
        <span>{text}</span>
        <span className={styles.faces}>
          {buttons.map((one, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a button is what stands at its place
            <span key={at} className={at === 0 ? styles.first : styles.face}>
              {one.text}
            </span>
          ))}
        </span>
      </div>
    </figure>
  )
}
