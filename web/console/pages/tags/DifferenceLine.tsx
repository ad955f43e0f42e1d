import { Button, Tag } from 'antd'
import { api, ask } from '#shared/api/client.ts'
import { useWords } from '#shared/i18n/words.ts'
import styles from './tags.module.css'
import type { Difference } from './tags.ts'
import { useTagChanges } from './useTagChanges.ts'
import { words } from './words.ts'

/** One difference of the catalogue: both words, who wins, and applying it either way. */
export function DifferenceLine({ difference, mayApply }: { difference: Difference; mayApply: boolean }) {
  const t = useWords(words)
  const carryOut = useTagChanges()
  const { key, kind, name, group, ours, theirs, wins, conflict } = difference
  const other = wins === 'ours' ? ('wecom' as const) : ('ours' as const)
  const apply = (winner?: 'ours' | 'wecom') =>
    carryOut(
      () =>
        ask(api.POST('/api/tag-sync/apply', { body: { keys: [key], ...(winner === undefined ? {} : { winner }) } })),
      t('sync.begun'),
    )
  return (
    <div className={styles.difference}>
      <div className={styles.name}>
        <strong>{name}</strong> {group !== null && <span className={styles.quiet}>{group}</span>}{' '}
        <Tag>{t(`diff.${kind}`)}</Tag>
        {conflict && <Tag color="warning">{t('diff.conflict')}</Tag>}
        {kind === 'renamed' && (
          <p className={styles.quiet}>
            {t('diff.ours')}「{ours}」 · {t('diff.theirs')}「{theirs}」
          </p>
        )}
        <p className={styles.quiet}>{t(kind === 'gone' ? `gone.${wins}` : `wins.${wins}`)}</p>
      </div>
      {mayApply && (
        <div className={styles.acts}>
          <Button size="small" onClick={() => void apply()}>
            {t('sync.apply.one')}
          </Button>
          <Button size="small" type="text" onClick={() => void apply(other)}>
            {t(`wins.${other}`)}
          </Button>
        </div>
      )}
    </div>
  )
}
