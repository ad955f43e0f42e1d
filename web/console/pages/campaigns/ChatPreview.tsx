import { PhonePreview } from '../../components/PhonePreview.tsx'
import { messagesOf } from '../welcome/welcome.ts'
import type { PreviewProps } from './kind.ts'

/** A message as it stands in the chat. */
export function ChatPreview({ text, attachments, ...of }: PreviewProps) {
  return <PhonePreview {...of} messages={messagesOf(text, attachments)} />
}
