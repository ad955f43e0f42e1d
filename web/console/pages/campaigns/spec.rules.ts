import { exactTime } from '#shared/format/time.ts'
import type { Attachment, Content, DraftSpec, Goal, GroupChoice, Schedule, Spec, Variant } from './campaign.ts'

export const brandMark = '{品牌}'
export const lessMark = '{少打扰}'

export const newContent = (text: string): Content => ({ text, attachments: [] })
export const newVariant = (name: string, content: Content): Variant => ({ name, content, for: null, share: 100 })
export const newGoal = (): Goal => ({ metric: 'order', window_hours: 168, baseline: null })

/** What a text begins with: it goes to customers, in their language. */
const startingText = `【${brandMark}】您好！\n\n不想常收到？点这里少打扰：${lessMark}`

/** All groups, once a day each, and one confirmation an owner. */
export const newGroups = (): GroupChoice => ({
  ...{ owners: [], stores: [], name: '', joined_within_days: null, chats: [] },
  ...{ most_a_day: 1, task_each: false },
})

/** What a new campaign of a kind begins with. */
export function newSpec(kind: Spec['kind'] = 'customer_send'): DraftSpec {
  const plain = { ...common(), kind }
  if (kind === 'group_send') return { ...plain, groups: newGroups(), holdout_permille: 0, canary: null }
  return kind === 'moment' ? { ...plain, moment: { tags: [] } } : plain
}

/** Asked by day, one in twenty kept back, two in a hundred first. */
const common = (): DraftSpec => ({
  ...{ kind: 'customer_send', marketing: true, goal: newGoal(), whom: null, exclusions: [] },
  variants: [newVariant('A', newContent(startingText))],
  schedule: { kind: 'now' },
  ...{ window: { from: 9 * 60, until: 21 * 60 }, expires_hours: 24 },
  senders: { set: null, most: null },
  governed: { when_capped: 'drop', wait_hours: 0, priority: 5 },
  holdout_permille: 50,
  canary: { permille: 20, hours: 4, most_deletes_permille: 10 },
  reminders: 1,
  attribution: { click_hours: 168, send_hours: 24 },
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

export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length
}

export const steps = ['whom', 'content', 'sending', 'submit'] as const
export type Step = (typeof steps)[number]

/** What only the editor knows of: it is not in what the server is given. */
export interface OpenEnd {
  readonly step: Step
  /** The field that it speaks of, as the spec names it. */
  readonly field: string
  readonly what: 'name' | 'exclusion' | 'variant.for' | 'asset' | 'link' | 'weekdays'
  readonly variant: string
}

export function openEnds(name: string, spec: DraftSpec): OpenEnd[] {
  const ends: OpenEnd[] = []
  const add = (step: Step, field: string, what: OpenEnd['what'], variant = '') =>
    ends.push({ step, field, what, variant })
  if (name.trim() === '') add('whom', 'name', 'name')
  if (spec.exclusions.some(isOpen)) add('whom', 'exclusions', 'exclusion')
  spec.variants.forEach((variant, at) => {
    const field = `variants.${at}`
    if (variant.for !== null && !isChosen(variant.for)) add('content', field, 'variant.for', variant.name)
    variant.content.attachments.forEach((one, place) => {
      const there = `${field}.content.attachments.${place}`
      if (isUnfinished(one)) add('content', there, 'asset', variant.name)
      if (one.kind === 'link' && !isAddress(one.url)) add('content', there, 'link', variant.name)
    })
  })
  if (spec.schedule.kind === 'recurring' && spec.schedule.weekdays.length === 0) add('sending', 'schedule', 'weekdays')
  return ends
}

/** The step at which a field of the spec is written. */
export function stepOf(field: string): Step {
  if (/^groups\.(most_a_day|task_each)\b/.test(field)) return 'sending'
  if (/^(name|goal|whom|groups|moment|exclusions|marketing)\b/.test(field)) return 'whom'
  return /^variants\b/.test(field) ? 'content' : 'sending'
}

const isOpen = ({ name, whom }: DraftSpec['exclusions'][number]) => whom === null || name.trim() === ''

function isChosen(who: NonNullable<Variant['for']>): boolean {
  return 'audience' in who ? who.audience !== '' : who.stores.length > 0
}

/** A picture, video or cover that was not chosen yet. */
function isUnfinished(attachment: Attachment): boolean {
  if (attachment.kind === 'link') return attachment.title.trim() === ''
  if (attachment.kind === 'miniprogram' && [attachment.title, attachment.appid, attachment.page].includes(''))
    return true
  return attachment.asset_id === ''
}

function isAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:\/\/[^/]+/.test(text)
}

const isSent = (one: Attachment): boolean => !isUnfinished(one) && (one.kind !== 'link' || isAddress(one.url))

/** Where a field that the server speaks of stands in the editor, which also holds attachments that are not sent yet. */
export function placeInEditor(field: string, spec: DraftSpec): string {
  const [, before, variant, sent, after] = /^(variants\.(\d+)\.content\.attachments\.)(\d+)(.*)$/.exec(field) ?? []
  if (before === undefined) return field
  const { attachments } = spec.variants[Number(variant)]?.content ?? { attachments: [] }
  const places = attachments.flatMap((one, place) => (isSent(one) ? [place] : []))
  return `${before}${places[Number(sent)] ?? sent}${after}`
}

/** What can be kept as a draft: an unfinished attachment is not part of what is sent, and no list is empty. */
export function savable({ coupon, elsewhere, ...spec }: DraftSpec): Spec {
  const { schedule } = spec
  return {
    ...spec,
    ...savableChannels({ coupon, elsewhere }),
    exclusions: spec.exclusions.flatMap(({ name, whom }) =>
      whom === null || name.trim() === '' ? [] : [{ name: name.trim(), whom }],
    ),
    variants: spec.variants.map((variant) => ({
      ...variant,
      ...{ name: variant.name.trim() || '–', for: variant.for !== null && isChosen(variant.for) ? variant.for : null },
      content: {
        ...variant.content,
        attachments: variant.content.attachments.filter(isSent),
      },
    })),
    schedule: schedule.kind === 'recurring' && schedule.weekdays.length === 0 ? { kind: 'now' } : schedule,
  }
}

/** A coupon without an event of redeeming, and a channel without a name, are not written yet. */
function savableChannels({
  coupon,
  elsewhere,
}: Pick<DraftSpec, 'coupon' | 'elsewhere'>): Pick<Spec, 'coupon' | 'elsewhere'> {
  const batch = coupon?.batch ?? null
  const whole = batch !== null && batch.property.trim() !== '' && batch.value.trim() !== ''
  return {
    ...(coupon === undefined || coupon.redeemed.trim() === ''
      ? {}
      : { coupon: { ...coupon, batch: whole ? batch : null } }),
    ...(elsewhere === undefined || elsewhere.name.trim() === '' ? {} : { elsewhere }),
  }
}

/** Those that are for everybody share a hundred evenly, the first of them what is left over. */
export function evenShares(variants: readonly Variant[]): Variant[] {
  const drawn = variants.filter((one) => one.for === null)
  const each = Math.floor(100 / Math.max(1, drawn.length))
  const first = 100 - each * (drawn.length - 1)
  return variants.map((one) => (one.for === null ? { ...one, share: one === drawn[0] ? first : each } : one))
}

/** How a schedule of this kind begins: a day from now, or for the next four weeks of the brand's calendar. */
export function scheduleOf(kind: Schedule['kind'], now: number): Schedule {
  const inDays = (days: number) => now + days * 86_400_000
  if (kind === 'now') return { kind }
  if (kind === 'at') return { kind, at: new Date(inDays(1)).toISOString() }
  return { kind, weekdays: [0], minutes: [10 * 60], until: exactTime(inDays(28)).slice(0, 10) }
}
