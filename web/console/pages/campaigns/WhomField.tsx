import { Segmented } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { RuleTree } from '../audiences/RuleTree.tsx'
import { newGroup, type Rule, treeOf } from '../audiences/ruleTree.ts'
import { usePreview } from '../audiences/usePreview.ts'
import { ValueSelect } from '../audiences/ValueSelect.tsx'
import { isEverybody, type Whom } from './campaign.ts'
import styles from './campaigns.module.css'
import { words } from './wizard.words.ts'

/** Persons: an audience that is kept, or a rule of its own, written as audiences are. */
export function WhomField({ value, onChange }: { value: Whom | null; onChange: (value: Whom | null) => void }) {
  const t = useWords(words)
  const [own, setOwn] = useState(value !== null && 'rule' in value)
  return (
    <div className={styles.stack}>
      <div>
        <Segmented<'kept' | 'rule'>
          value={own ? 'rule' : 'kept'}
          options={(['kept', 'rule'] as const).map((one) => ({ value: one, label: t(`whom.${one}`) }))}
          onChange={(next) => {
            setOwn(next === 'rule')
            onChange(null)
          }}
        />
      </div>
      {own ? (
        <RuleEditor rule={value !== null && 'rule' in value ? Object(value.rule) : undefined} onChange={onChange} />
      ) : (
        <ValueSelect
          kind="audience"
          label={t('whom.choose')}
          single
          value={value !== null && 'audience' in value ? [value.audience] : []}
          onChange={([audience]) => onChange(audience === undefined ? null : { audience })}
        />
      )}
    </div>
  )
}

function RuleEditor({ rule, onChange }: { rule: Rule | undefined; onChange: (value: Whom | null) => void }) {
  const t = useWords(words)
  const [root, setRoot] = useState(() => (rule === undefined ? newGroup() : treeOf(rule)))
  const { counts, written } = usePreview(root)
  const said = JSON.stringify(written.rule ?? null)
  const told = useRef(said)
  // only what was changed here is told
  useEffect(() => {
    if (told.current === said) return
    told.current = said
    const next = JSON.parse(said)
    onChange(next === null ? null : { rule: next })
  }, [said, onChange])
  return (
    <>
      <RuleTree root={root} onChange={setRoot} counts={counts} />
      {root.parts.length === 0 && rule !== undefined && isEverybody(rule) && (
        <p className={styles.quiet}>{t('whom.everybody')}</p>
      )}
      {written.unfinished > 0 && <p className={styles.quiet}>{t('count.unfinished', { count: written.unfinished })}</p>}
    </>
  )
}
