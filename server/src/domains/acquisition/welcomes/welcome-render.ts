import type { AttachmentInput } from '@nuanyu/wecom'
import { type PlatformMedia, platformAttachments } from '../../content/index.ts'
import { preferencesPlaceholder } from '../../reach/index.ts'
import type { WelcomeContent } from './welcome.ts'

export interface WelcomeNames {
  /** undefined: it did not come in time, or is not asked for. */
  readonly customer: string | undefined
  readonly staff: string
  readonly store: string | undefined
  /** His own page of preferences; undefined: not asked for. */
  readonly preferences?: string | undefined
}

export interface RenderedWelcome {
  readonly text: { content: string } | undefined
  readonly attachments: readonly AttachmentInput[]
  /** Assets that are not at the platform now: their attachments were left out. */
  readonly missingAssets: readonly string[]
}

export const namePlaceholder = '{客户昵称}'
const staffPlaceholder = '{员工姓名}'
const storePlaceholder = '{门店}'

export function usesName(content: WelcomeContent): boolean {
  return content.text.includes(namePlaceholder)
}

export function usesPreferences({ text, textWithoutName }: WelcomeContent): boolean {
  return `${text}${textWithoutName ?? ''}`.includes(preferencesPlaceholder)
}

/** The message as the platform takes it. */
export function renderWelcome(
  content: WelcomeContent,
  names: WelcomeNames,
  media: (assetId: string) => PlatformMedia | undefined,
): RenderedWelcome {
  const wording =
    usesName(content) && names.customer === undefined
      ? (content.textWithoutName ?? withoutPlaceholder(content.text))
      : content.text
  const text = wording
    .replaceAll(namePlaceholder, () => names.customer ?? '')
    .replaceAll(staffPlaceholder, () => names.staff)
    .replaceAll(storePlaceholder, () => names.store ?? '')
    .replaceAll(preferencesPlaceholder, () => names.preferences ?? '')
  const { attachments, missing } = platformAttachments(content.attachments, media)
  return { text: text === '' ? undefined : { content: text }, attachments, missingAssets: missing }
}

/** Without a wording of its own the greeting drops the name and the punctuation that led to it. */
function withoutPlaceholder(text: string): string {
  return text.replaceAll(/[，,、\s]?\{客户昵称\}/gu, '').replace(/^[，,、!！\s]+/u, '')
}
