import type { LimitProfile } from '@nuanyu/wecom'
import type { Said } from '../../../infra/errors.ts'
import { businessDay } from '../../../infra/zone.ts'
import { type Rule, ruleFaults } from '../../audiences/index.ts'
import { type Attachment, attachmentFaults } from '../../content/index.ts'
import type { CampaignContent, CampaignSpec } from './campaign.schema.ts'
import { checkWords, type Problem, type Say } from './check.words.ts'
import {
  brandPlaceholder,
  contentOf,
  longestSender,
  placeholders,
  preferencesPlaceholder,
  renderContent,
  urlsOf,
} from './content.ts'
import { contentLimits } from './content-limits.ts'
import type { Found } from './forbidden.ts'
import { checkMomentContent, checkTagged, tagsOf } from './moment.checks.ts'
import { firstStart, within } from './schedule.ts'

/** Something that stops the approval of a campaign, or that its author should know. */
export interface CampaignFault {
  /** A path in the spec. */
  readonly field: string
  readonly problem: Problem
  readonly stops: boolean
  readonly said: Said
  readonly used: number | null
  readonly limit: number | null
}

/** What the check of a campaign rests on. */
export interface CheckFacts {
  readonly limits: Pick<LimitProfile, 'value'>
  readonly brand: string
  /** The longest address that a tracked link, and the page of preferences, can have. */
  readonly longestLink: string
  readonly preferences: string
  readonly forbidden: (text: string) => readonly Found[]
  readonly now: Date
  readonly zone: string
  /** Of what the spec names, what exists. */
  readonly audiences: ReadonlySet<string>
  readonly stores: ReadonlySet<string>
  readonly sets: ReadonlySet<string>
  readonly assets: ReadonlySet<string>
  /** Corp tags that stand, by the platform’s ids. */
  readonly tags: ReadonlySet<string>
  /** The quiet hours of the policies that stand. */
  readonly quiet: readonly { readonly policy: string; readonly from: number; readonly until: number }[]
}

/** What never stops an approval. */
const hints: ReadonlySet<Problem> = new Set(['window_quiet', 'nobody_left', 'no_baseline'])

/** Everything that is wrong with a campaign as it is now. */
export function checkCampaign(spec: CampaignSpec, facts: CheckFacts): readonly CampaignFault[] {
  const faults: CampaignFault[] = []
  const say: Say = (field, problem, { used, limit, word } = {}) => {
    const said = checkWords(problem, { used, limit, word })
    faults.push({ field, problem, stops: !hints.has(problem), said, used: used ?? null, limit: limit ?? null })
  }
  checkGoal(spec, say)
  if (spec.groups !== undefined && spec.kind !== 'group_send') say('groups', 'other_kind')
  if (spec.moment !== undefined && spec.kind !== 'moment') say('moment', 'other_kind')
  checkElsewhere(spec, say)
  if (spec.kind === 'group_send') checkGroups(spec, facts, say)
  else if (tagsOf(spec).length > 0) checkTagged(spec, facts.tags, say)
  else checkWhom(spec, facts, say)
  spec.variants.forEach((variant, at) => {
    checkContent(variant.content, `variants.${at}.content`, spec, facts, say)
    if (spec.kind === 'moment') checkMomentContent(variant.content, `variants.${at}.content`, facts, say)
  })
  checkShares(spec, say)
  checkTimes(spec, facts, say)
  if (spec.senders.set !== null && !facts.sets.has(spec.senders.set)) say('senders.set', 'unknown_set')
  return faults
}

/** Nobody of a group, or of who carries a corp tag, can be drawn for another channel; and somebody must be left to send to. */
function checkElsewhere({ kind, elsewhere, holdout_permille, moment }: CampaignSpec, say: Say): void {
  if (elsewhere === undefined) return
  if (kind === 'group_send' || (moment?.tags.length ?? 0) > 0) say('elsewhere', 'not_drawn')
  else if (holdout_permille + elsewhere.permille > mostAside)
    say('elsewhere', 'too_much_aside', { used: (holdout_permille + elsewhere.permille) / 10, limit: mostAside / 10 })
}

/** Of a thousand, so many may be held out or given to another channel. */
const mostAside = 950

function checkGoal({ goal, kind }: CampaignSpec, say: Say): void {
  if (goal === null) {
    say('goal', 'no_goal')
    return
  }
  if (goal.metric === 'event' && goal.event === undefined) say('goal.event', 'event_unnamed')
  // nobody in a group is held out, so there is no sample whose size depends on it
  if (goal.baseline === null && kind !== 'group_send') say('goal.baseline', 'no_baseline')
}

function checkWhom(spec: CampaignSpec, { audiences, stores }: CheckFacts, say: Say): void {
  const check = (whom: CampaignSpec['whom'], field: string) => {
    if (whom === null) say(field, 'no_whom')
    else if ('audience' in whom) {
      if (!audiences.has(whom.audience)) say(field, 'unknown_audience')
    } else if (ruleFaults(whom.rule).length > 0) say(field, 'bad_rule')
    else if (audiencesNamed(whom.rule).some((id) => !audiences.has(id))) say(field, 'unknown_audience')
  }
  if (spec.whom === null || !('rule' in spec.whom) || !isEverybody(spec.whom.rule)) check(spec.whom, 'whom')
  spec.exclusions.forEach((one, at) => {
    check(one.whom, `exclusions.${at}.whom`)
  })
  spec.variants.forEach(({ for: whom }, at) => {
    if (whom !== null && 'audience' in whom && !audiences.has(whom.audience))
      say(`variants.${at}.for`, 'unknown_audience')
    if (whom !== null && 'stores' in whom && whom.stores.some((id) => !stores.has(id)))
      say(`variants.${at}.for`, 'unknown_store')
  })
}

/** A group hears one content; nobody in it can be left out, held out or compared. */
function checkGroups(
  { groups, variants, exclusions, holdout_permille, canary }: CampaignSpec,
  { stores }: CheckFacts,
  say: Say,
) {
  if (groups === undefined) say('groups', 'no_groups')
  else {
    if (groups.stores.some((id) => !stores.has(id))) say('groups.stores', 'unknown_store')
    if (groups.task_each && variants.every(({ content }) => urlsOf(content).length === 0))
      say('groups.task_each', 'no_link_each')
  }
  if (variants.length > 1 || variants.some((one) => one.for !== null)) say('variants', 'one_for_groups')
  if (exclusions.length > 0 || holdout_permille > 0 || canary !== null) say('groups', 'not_for_groups')
}

/** A send may be for everybody; no exclusion and no saved audience is. */
const isEverybody = (rule: Rule) => 'all' in rule && rule.all.length === 0

/** The audiences that a rule reads. */
export function audiencesNamed(rule: unknown): readonly string[] {
  if (typeof rule !== 'object' || rule === null) return []
  if ('is' in rule)
    return (rule.is === 'audience' || rule.is === 'list') && 'id' in rule && typeof rule.id === 'string'
      ? [rule.id]
      : []
  return Object.values(rule).flatMap((part) =>
    Array.isArray(part) ? part.flatMap(audiencesNamed) : audiencesNamed(part),
  )
}

/** A text as long as it can get: the brand, the longest id of a member, and every tracked address by the longest link. */
export function longestText(
  written: CampaignContent,
  facts: Pick<CheckFacts, 'brand' | 'longestLink' | 'preferences'>,
) {
  const content = contentOf(written, longestSender)
  const links = new Map(urlsOf(content).map((url) => [url, facts.longestLink]))
  return renderContent(content, { brand: facts.brand, links, preferences: facts.preferences }).text
}

/** What a template leaves to be written. */
const toWrite = /〔[^〔〕\d\n]{1,20}〕/gu

function checkContent(
  content: CampaignContent,
  field: string,
  { kind, marketing }: CampaignSpec,
  facts: CheckFacts,
  say: Say,
): void {
  const { limits, brand, forbidden } = facts
  const { text, attachments } = content
  if (text.trim() === '' && attachments.length === 0) say(`${field}.text`, 'empty')
  const { textBytes, textChars, attachments: most } = contentLimits(kind, limits)
  const longest = longestText(content, facts)
  measure(`${field}.text`, longest, textBytes, say)
  const chars = [...longest].length
  if (textChars !== null && chars > textChars) say(`${field}.text`, 'too_many_chars', { used: chars, limit: textChars })
  if (attachments.length > most) say(`${field}.attachments`, 'too_many', { used: attachments.length, limit: most })
  for (const [placeholder] of text.matchAll(/\{[^{}\n]{1,12}\}/gu))
    if (!placeholders.has(placeholder)) say(`${field}.text`, 'unknown_placeholder', { word: placeholder })
  for (const [word] of text.matchAll(toWrite)) say(`${field}.text`, 'unfilled', { word })
  if (marketing) {
    const named = text.includes(brandPlaceholder) || (brand !== '' && text.includes(brand))
    if (!named) say(`${field}.text`, 'no_identity')
    const refusable = text.includes(preferencesPlaceholder) || text.includes(facts.preferences)
    if (!refusable) say(`${field}.text`, 'no_refusal')
  }
  for (const { word, advice } of forbidden(text))
    say(`${field}.text`, 'forbidden_word', { word: advised(word, advice) })
  contentOf(content, longestSender).attachments.forEach((one, at) => {
    checkAttachment(one, `${field}.attachments.${at}`, facts, say)
  })
}

const advised = (word: string, advice: string | undefined) => (advice === undefined ? word : `${word}（${advice}）`)

function checkAttachment(one: Attachment, field: string, { limits, forbidden, assets }: CheckFacts, say: Say): void {
  if ('asset_id' in one && one.asset_id !== undefined && !assets.has(one.asset_id))
    say(`${field}.asset_id`, 'unknown_asset')
  for (const { field: part, problem, ...more } of attachmentFaults(one, limits)) say(`${field}.${part}`, problem, more)
  const words = one.kind === 'link' ? `${one.title}\n${one.desc}` : one.kind === 'miniprogram' ? one.title : ''
  for (const { word, advice } of forbidden(words))
    say(`${field}.title`, 'forbidden_word', { word: advised(word, advice) })
}

function measure(field: string, text: string, limit: number, say: Say): void {
  const used = Buffer.byteLength(text)
  if (used > limit) say(field, 'too_long', { used, limit })
}

function checkShares({ variants }: CampaignSpec, say: Say): void {
  const everybodys = variants.filter((one) => one.for === null)
  const sum = everybodys.reduce((total, one) => total + one.share, 0)
  if (everybodys.length === 0) say('variants', 'nobody_left')
  else if (everybodys.length > 1 && sum !== 100) say('variants', 'shares', { used: sum, limit: 100 })
  const names = new Set<string>()
  variants.forEach(({ name }, at) => {
    if (names.has(name)) say(`variants.${at}.name`, 'same_name', { word: name })
    names.add(name)
  })
}

function checkTimes(spec: CampaignSpec, { now, zone, quiet }: CheckFacts, say: Say): void {
  const { schedule, window } = spec
  if (window !== null && window.from === window.until) say('window', 'window_empty')
  if (schedule.kind === 'at' && new Date(schedule.at) < now) say('schedule.at', 'past')
  if (schedule.kind === 'recurring') {
    if (schedule.until < businessDay(now, zone)) say('schedule.until', 'past')
    else if (firstStart(spec, now, zone) === undefined) say('schedule', 'never')
    if (window !== null && !schedule.minutes.every((minute) => within(minute, window)))
      say('schedule.minutes', 'outside_window')
  }
  if (window === null || !spec.marketing) return
  for (const hours of quiet) {
    const open = [...minutes].filter((minute) => within(minute, window))
    const loud = open.filter((minute) => !within(minute, hours))
    if (open.length > 0 && loud.length === 0) say('window', 'window_all_quiet', { word: hours.policy })
    else if (loud.length < open.length) say('window', 'window_quiet', { word: hours.policy })
  }
}

const minutes = Array.from({ length: 1_440 }, (_, minute) => minute)
