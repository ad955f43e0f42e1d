import { Segmented } from 'antd'
import { useState } from 'react'
import { useWords } from '#shared/i18n/words.ts'
import { ValueSelect } from '../../audiences/ValueSelect.tsx'
import { FieldGroup } from '../../channels/Field.tsx'
import styles from '../campaigns.module.css'
import { useKindWords } from '../kind.ts'
import { Exclusions, NameFields, type StepProps } from '../StepWhom.tsx'
import { WhomField } from '../WhomField.tsx'
import { words as wizardWords } from '../wizard.words.ts'
import { byAudience, byTags, isByTags } from './moment.rules.ts'
import { words } from './words.ts'

/** What it is for and who sees it: an audience by a tag of its own, or whoever carries corp tags. */
export function StepSee(props: StepProps) {
  const { spec, change, faultOf } = props
  const t = useWords(words)
  const tWizard = useKindWords(wizardWords)
  const [way, setWay] = useState<'audience' | 'tags'>(isByTags(spec) ? 'tags' : 'audience')
  return (
    <>
      <NameFields {...props} />
      <FieldGroup label={t('way')}>
        <div className={styles.stack}>
          <div>
            <Segmented<typeof way>
              aria-label={t('way')}
              value={way}
              options={(['audience', 'tags'] as const).map((one) => ({ value: one, label: t(`way.${one}`) }))}
              onChange={(next) => {
                setWay(next)
                change({ spec: next === 'tags' ? { whom: null } : byAudience(spec) })
              }}
            />
          </div>
          <p className={styles.quiet}>{t(`way.${way}.how`)}</p>
          <p className={styles.warn}>{t(`way.${way}.cost`)}</p>
        </div>
      </FieldGroup>
      {way === 'tags' ? (
        <FieldGroup label={t('tags')} hint={t('tags.hint')} fault={faultOf('moment') ?? faultOf('whom')}>
          <ValueSelect
            kind="corp_tag"
            label={t('tags')}
            value={spec.moment?.tags ?? []}
            onChange={(tags) => change({ spec: byTags(spec, tags) })}
          />
        </FieldGroup>
      ) : (
        <>
          <FieldGroup label={tWizard('group.whom')} fault={faultOf('whom')}>
            <WhomField value={spec.whom} onChange={(whom) => change({ spec: { whom } })} />
          </FieldGroup>
          <Exclusions spec={spec} change={change} faultOf={faultOf} />
        </>
      )}
    </>
  )
}
