import type { components } from '#shared/api/schema.gen.ts'
import type { PreviewMessage } from '../../components/PhonePreview.tsx'

export type Welcome = components['schemas']['WelcomeRow']
export type WelcomeDetail = components['schemas']['WelcomeDetail']
export type Band = components['schemas']['WelcomeBand']
export type Attachment = components['schemas']['Attachment']
export type Level = Welcome['level']
export type Fault = components['schemas']['WelcomeFault']
export type Considered = components['schemas']['WelcomeTest']['considered'][number]

export const levels = ['channel', 'person', 'store', 'default'] as const satisfies readonly Level[]
export const bandStages = ['both', 'new', 'returning'] as const satisfies readonly NonNullable<Band['stage']>[]
export const customerStages = ['new', 'returning'] as const
export const placeholders = ['{客户昵称}', '{员工姓名}', '{门店}', '{少打扰}'] as const
export const attachmentKinds = ['image', 'link', 'miniprogram', 'video', 'file'] as const

export interface Draft {
  level: Level
  target: string
  name: string
  bands: Band[]
  note: string
}

export const newBand = (name: string): Band => ({
  name,
  stage: 'both',
  weekdays: [0, 1, 2, 3, 4, 5, 6],
  from_minute: 0,
  until_minute: 1440,
  content: { text: '', text_without_name: '', attachments: [] },
})

export function newAttachment(kind: Attachment['kind']): Attachment {
  switch (kind) {
    case 'link':
      return { kind, title: '', url: 'https://', desc: '', picurl: '' }
    case 'miniprogram':
      return { kind, title: '', appid: '', page: '', asset_id: '' }
    default:
      return { kind, asset_id: '' }
  }
}

export function messagesOf(text: string, attachments: readonly Attachment[]): PreviewMessage[] {
  const shown: PreviewMessage[] = text.trim() === '' ? [] : [{ kind: 'text', text }]
  for (const attachment of attachments) shown.push(messageOf(attachment))
  return shown
}

function messageOf(attachment: Attachment): PreviewMessage {
  switch (attachment.kind) {
    case 'link':
      return { kind: 'link', title: attachment.title, description: attachment.desc ?? '' }
    case 'miniprogram':
      return { kind: 'mini_program', title: attachment.title, ...pictureOf(attachment.asset_id) }
    case 'image':
      return { kind: 'image', ...pictureOf(attachment.asset_id) }
    case 'video':
      return { kind: 'video' }
    case 'file':
      return { kind: 'file', name: 'PDF' }
  }
}

function pictureOf(assetId: string): { picture?: string } {
  return assetId === '' ? {} : { picture: contentOfAsset(assetId) }
}

/** Where an asset can be looked at. */
export function contentOfAsset(assetId: string): string {
  return `/api/media/${assetId}/content`
}

export function clockText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

/** Minutes of the day, or undefined for what is not HH:MM. */
export function clockMinute(text: string): number | undefined {
  const match = /^(\d{1,2}):(\d{2})$/.exec(text)
  if (match === null) return undefined
  const minute = Number(match[1]) * 60 + Number(match[2])
  return minute <= 1440 && Number(match[2]) < 60 ? minute : undefined
}

/** An attachment whose file was not chosen yet is not part of what is sent. */
export function isComplete(attachment: Attachment): boolean {
  return !('asset_id' in attachment) || attachment.asset_id !== ''
}

/** Whether the bands can be saved: every file chosen. The server checks the rest while one types. */
export function unfinished(bands: readonly Band[]): boolean {
  return bands.some((band) => (band.content.attachments ?? []).some((attachment) => !isComplete(attachment)))
}
