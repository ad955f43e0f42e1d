import { Button } from 'antd'
import { useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { useSession } from '../../lib/session.ts'
import { CorpForm } from './CorpForm.tsx'
import styles from './guide.module.css'
import type { Guide } from './guide.ts'
import { words } from './words.ts'

/** The way to a second brand; above all from the demo's, which stays in a database that the sandbox was tried in. */
export function AnotherCorp({ guide }: { guide: Guide }) {
  const t = useWords(words)
  const { account } = useSession()
  const [open, setOpen] = useState(false)
  // the sandbox has one brand, and a further one is for whoever runs the installation
  if (guide.sandbox || !account.installation) return null
  if (!open)
    return (
      <div>
        <Button onClick={() => setOpen(true)}>{t('corp.another')}</Button>
      </div>
    )
  return (
    <div className={styles.stack}>
      <p className={styles.quiet}>{t('corp.another.how')}</p>
      <CorpForm guide={guide} />
    </div>
  )
}
