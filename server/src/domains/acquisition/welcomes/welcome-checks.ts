import type { LimitProfile } from '@nuanyu/wecom'
import { attachmentFaults } from '../../content/index.ts'
import { preferencesPlaceholder } from '../../reach/index.ts'
import type { WelcomeBand, WelcomeContent } from './welcome.ts'
import { usesName } from './welcome-render.ts'

/** Something that the platform, or a customer, would stumble over. `field` is a path like `bands.0.text`. */
export interface WelcomeFault {
  readonly field: string
  readonly problem: FaultKind
  readonly used: number | undefined
  readonly limit: number | undefined
}

export type FaultKind =
  | 'empty'
  | 'too_long'
  | 'too_many'
  | 'needs_text_without_name'
  | 'name_in_fallback'
  | 'bad_url'
  | 'unknown_placeholder'
  | 'no_hours'

const known = new Set(['{客户昵称}', '{员工姓名}', '{门店}', preferencesPlaceholder])
/** A nickname, a member's or store's name and a sealed address may be this long, in bytes; room is kept for them. */
const roomFor = { '{客户昵称}': 96, '{员工姓名}': 48, '{门店}': 60, [preferencesPlaceholder]: 200 } as const

export function checkBands(bands: readonly WelcomeBand[], limits: LimitProfile): WelcomeFault[] {
  return bands.flatMap((band, i) => [
    ...(band.fromMinute === band.untilMinute && band.fromMinute !== 0 ? [fault(`bands.${i}.hours`, 'no_hours')] : []),
    ...checkContent(band.content, `bands.${i}`, limits),
  ])
}

function checkContent(content: WelcomeContent, path: string, limits: LimitProfile): WelcomeFault[] {
  const faults: WelcomeFault[] = []
  const textLimit = Number(limits.value('welcome.text_bytes'))
  const attachmentLimit = Number(limits.value('welcome.attachments'))
  for (const [field, text] of [
    ['text', content.text],
    ['text_without_name', content.textWithoutName ?? ''],
  ] as const) {
    const used = byteLength(text)
    if (used > textLimit) faults.push(fault(`${path}.${field}`, 'too_long', used, textLimit))
    for (const placeholder of text.match(/\{[^{}\n]{1,12}\}/gu) ?? []) {
      if (!known.has(placeholder)) faults.push(fault(`${path}.${field}`, 'unknown_placeholder'))
    }
  }
  if (content.text.trim() === '' && content.attachments.length === 0) faults.push(fault(`${path}.text`, 'empty'))
  if (usesName(content) && (content.textWithoutName ?? '').trim() === '')
    faults.push(fault(`${path}.text_without_name`, 'needs_text_without_name'))
  if ((content.textWithoutName ?? '').includes('{客户昵称}'))
    faults.push(fault(`${path}.text_without_name`, 'name_in_fallback'))
  if (content.attachments.length > attachmentLimit)
    faults.push(fault(`${path}.attachments`, 'too_many', content.attachments.length, attachmentLimit))
  content.attachments.forEach((attachment, i) => {
    for (const { field, problem, used, limit } of attachmentFaults(attachment, limits))
      faults.push(fault(`${path}.attachments.${i}.${field}`, problem, used, limit))
  })
  return faults
}

/** Bytes of a text at its longest: every placeholder counted as the longest name that may stand there. */
export function byteLength(text: string): number {
  let total = Buffer.byteLength(text)
  for (const [placeholder, room] of Object.entries(roomFor)) {
    total += (text.split(placeholder).length - 1) * (room - Buffer.byteLength(placeholder))
  }
  return total
}

function fault(field: string, problem: FaultKind, used?: number, limit?: number): WelcomeFault {
  return { field, problem, used, limit }
}
