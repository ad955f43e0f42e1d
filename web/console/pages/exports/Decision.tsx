import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Input } from 'antd'
import { useId, useState } from 'react'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import { explain } from '../../lib/explain.ts'
import { queryClient } from '../../lib/queryClient.ts'
import styles from '../imports/imports.module.css'
import { exportsKey } from './exports.ts'
import { words } from './words.ts'

/** What a second person says to an export that waits for one. */
export function Decision({ id }: { id: string }) {
  const t = useWords(words)
  const field = useId()
  const [said, setSaid] = useState('')
  const decide = useMutation({
    mutationFn: (verdict: 'agree' | 'refuse') =>
      ask(api.POST('/api/exports/{id}/decide', { params: { path: { id } }, body: { verdict, words: said.trim() } })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: exportsKey }),
  })
  const refusal = decide.error ? explain(decide.error) : undefined
  return (
    <section className={styles.field}>
      <label htmlFor={field}>{t('decision')}</label>
      <Input id={field} maxLength={200} value={said} onChange={(event) => setSaid(event.target.value)} />
      {refusal && <Alert type="error" showIcon role="alert" title={refusal.title} description={refusal.hint} />}
      <div className={styles.acts}>
        <Button type="primary" loading={decide.isPending} onClick={() => decide.mutate('agree')}>
          {t('decide.agree')}
        </Button>
        <Button danger loading={decide.isPending} onClick={() => decide.mutate('refuse')}>
          {t('decide.refuse')}
        </Button>
      </div>
    </section>
  )
}
