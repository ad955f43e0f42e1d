import { useWords } from '#shared/i18n/words.ts'
import { PhonePreview } from '../../../components/PhonePreview.tsx'
import { messagesOf } from '../../welcome/welcome.ts'
import type { PreviewProps } from '../kind.ts'
import { words } from './words.ts'

/** As it stands in a group: the group's name above, and beside the message the owner who sent it. */
export function GroupPreview({ staffName, corpName, values, text, attachments }: PreviewProps) {
  const t = useWords(words)
  return (
    <PhonePreview
      staffName={staffName}
      corpName={corpName}
      values={values}
      group={t('preview.group')}
      messages={messagesOf(text, attachments)}
    />
  )
}
