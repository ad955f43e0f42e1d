import { Alert } from 'antd'
import { useWords } from '#shared/i18n/words.ts'
import { FieldGroup } from '../../channels/Field.tsx'
import { useKindWords } from '../kind.ts'
import { SenderSet } from '../SenderSet.tsx'
import { type Put, StepSending, When } from '../StepSending.tsx'
import type { StepProps } from '../StepWhom.tsx'
import { words as wizardWords } from '../wizard.words.ts'
import { isByTags } from './moment.rules.ts'
import { words } from './words.ts'

/** When and by whom it is published; of an audience also how often at most, and against whom it is compared. */
export function StepPublishing(props: StepProps) {
  const { spec, change, faultOf } = props
  const t = useWords(words)
  const tWizard = useKindWords(wizardWords)
  const put: Put = (part) => change({ spec: part })
  if (!isByTags(spec)) return <StepSending {...props} />
  return (
    <>
      <When spec={spec} put={put} fault={faultOf('schedule') ?? faultOf('window')} />
      <FieldGroup label={tWizard('group.senders')}>
        <SenderSet spec={spec} put={put} />
      </FieldGroup>
      <Alert type="info" showIcon title={t('sending.tags')} description={t('sending.tags.how')} />
    </>
  )
}
