import { Link } from '@tanstack/react-router'
import { Alert, Spin } from 'antd'
import { exactCount, share, shortCount } from '#shared/format/number.ts'
import { useLanguage } from '#shared/i18n/useLanguage.ts'
import { useWords } from '#shared/i18n/words.ts'
import { Panel } from '../../components/PageShape.tsx'
import { explain } from '../../lib/explain.ts'
import styles from './audiences.module.css'
import { words } from './builder.words.ts'
import type { usePreview } from './usePreview.ts'
import { words as listWords } from './words.ts'

/** Beside the editor: how many, of whom, in words, and some of them. */
export function PreviewPane({ preview }: { preview: ReturnType<typeof usePreview> }) {
  const t = useWords(words)
  const language = useLanguage()
  const { data, error, written, counting } = preview
  const failure = error && explain(error)
  return (
    <Panel title={t('preview.title')} aside={counting && data !== undefined && <Spin size="small" />}>
      {written.unfinished > 0 && (
        <p className={styles.quiet}>{t('preview.unfinished', { count: written.unfinished })}</p>
      )}
      {failure && <Alert type="error" showIcon title={failure.title} description={failure.hint} role="alert" />}
      {!data && !failure && <p className={styles.quiet}>{t('preview.none')}</p>}
      {data && !failure && (
        <div role="status" aria-busy={counting}>
          <p className={styles.big}>
            {data.exact ? exactCount(data.count) : t('preview.about', { count: shortCount(data.count) })}
          </p>
          {!data.exact && (
            <p className={styles.quiet}>
              {t('preview.interval', { low: shortCount(data.low), high: shortCount(data.high) })}
              {counting && ` · ${t('preview.counting')}`}
            </p>
          )}
          <p className={styles.quiet}>
            {t('preview.of', { of: exactCount(data.of), share: share(data.of === 0 ? 0 : data.count / data.of) })} ·{' '}
            {t('preview.took', { ms: data.took_ms })}
          </p>
          {data.class === 'free' && data.exact && <p className={styles.quiet}>{t('preview.free')}</p>}
          <h3 className={styles.label}>{t('preview.words')}</h3>
          <p className={styles.sentence}>{language === 'en' ? data.words.en : data.words.zh}</p>
          <h3 className={styles.label}>{t('preview.sample')}</h3>
          {!data.exact ? (
            <p className={styles.quiet}>{t('preview.counting')}</p>
          ) : data.people.length === 0 ? (
            <p className={styles.quiet}>{t('preview.nobody')}</p>
          ) : (
            <People people={data.people} />
          )}
        </div>
      )}
    </Panel>
  )
}

export interface Person {
  customer_id: number
  name: string
  has_page: boolean
}

export function People({ people }: { people: readonly Person[] }) {
  const ofList = useWords(listWords)
  return (
    <ul className={styles.people}>
      {people.map(({ customer_id, name, has_page }) => (
        <li key={customer_id}>
          {has_page ? (
            <Link to="/customers/list/$id" params={{ id: String(customer_id) }}>
              {name === '' ? ofList('unnamed') : name}
            </Link>
          ) : (
            <span className={styles.quiet}>{name === '' ? ofList('unnamed') : name}</span>
          )}
        </li>
      ))}
    </ul>
  )
}
