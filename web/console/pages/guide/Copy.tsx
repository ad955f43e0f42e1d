import { CopyOutlined } from '@ant-design/icons'
import { App, Button } from 'antd'
import { useWords } from '#shared/i18n/words.ts'
import styles from './guide.module.css'
import { words } from './words.ts'

/** A value to be pasted elsewhere, with its button. */
export function Copyable({ label, value }: { label: string; value: string }) {
  const t = useWords(words)
  const { message } = App.useApp()
  const copy = () =>
    navigator.clipboard.writeText(value).then(
      () => message.success(t('copied')),
      () => message.warning(t('copy.failed')),
    )
  return (
    <>
      <code className={styles.code}>{value}</code>
      <Button size="small" icon={<CopyOutlined />} aria-label={`${t('copy')} ${label}`} onClick={() => void copy()}>
        {t('copy')}
      </Button>
    </>
  )
}
