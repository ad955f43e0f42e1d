import { Segmented } from 'antd'
import { useState } from 'react'
import { share } from '#shared/format/number.ts'
import { useSession } from '../../lib/session.ts'
import type { Spec } from './campaign.ts'
import styles from './campaigns.module.css'
import { words } from './detail.words.ts'
import { useKind, useKindWords } from './kind.ts'
import { kindParts } from './kinds.tsx'
import { useSpecNames } from './SpecFacts.tsx'
import { words as wizardWords } from './wizard.words.ts'

/** Each variant as it stands on the phone, and for whom it is. */
export function ContentPanel({ spec }: { spec: Spec }) {
  const t = useKindWords(words)
  const tWizard = useKindWords(wizardWords)
  const { Preview } = kindParts[useKind()]
  const { corp } = useSession()
  const names = useSpecNames(spec)
  const [at, setAt] = useState(0)
  const variant = spec.variants[Math.min(at, spec.variants.length - 1)]
  if (variant === undefined) return null
  const whom =
    variant.for === null
      ? `${tWizard('for.everybody')} ${share(variant.share / 100)}`
      : 'audience' in variant.for
        ? t('value.audience', { name: names.audience(variant.for.audience) })
        : t('content.stores', { count: variant.for.stores.length })
  return (
    <section className={styles.stack} aria-label={t('content.title')}>
      <h2 className={styles.heading}>{t('content.title')}</h2>
      {spec.variants.length > 1 && (
        <div>
          <Segmented<number>
            value={at}
            options={spec.variants.map((one, value) => ({ value, label: one.name }))}
            onChange={setAt}
          />
        </div>
      )}
      {spec.variants.length > 1 && (
        <p className={styles.quiet}>
          {t('content.for')} {whom}
        </p>
      )}
      <Preview
        staffName={tWizard('preview.staff')}
        corpName={corp?.name ?? ''}
        values={{ 品牌: corp?.name ?? '', 少打扰: tWizard('preview.less') }}
        text={variant.content.text}
        attachments={variant.content.attachments}
      />
    </section>
  )
}
