import type { LimitProfile } from '@nuanyu/wecom'
import { setAside } from '../plan/plan.ts'
import type { CampaignContent, CampaignSpec } from './campaign.schema.ts'
import type { Say } from './check.words.ts'
import { senderPlaceholder } from './content.ts'

/** The corp tags by which a Moment is seen; none: an audience says for whom it is, as of any other send. */
export function tagsOf({ kind, moment }: Pick<CampaignSpec, 'kind' | 'moment'>): readonly string[] {
  return kind === 'moment' ? (moment?.tags ?? []) : []
}

/** By tags the platform decides who sees it, so nobody can be left out, held out or compared. */
export function checkTagged(spec: CampaignSpec, known: ReadonlySet<string>, say: Say): void {
  tagsOf(spec).forEach((tag, at) => {
    if (!known.has(tag)) say(`moment.tags.${at}`, 'unknown_tag', { word: tag })
  })
  if (spec.whom !== null) say('whom', 'tags_or_whom')
  if (spec.variants.length > 1 || spec.variants.some((one) => one.for !== null)) say('variants', 'one_for_tags')
  const { exclusions, canary, senders } = spec
  if (exclusions.length > 0 || setAside(spec) > 0 || canary !== null || senders.most !== null)
    say('moment.tags', 'not_for_tags')
}

/** How it would go out whatever else is written: to all who carry the tags, each the same. */
export function asTagged(spec: CampaignSpec): CampaignSpec {
  const { elsewhere: _, ...rest } = spec
  return {
    ...rest,
    ...{ whom: null, exclusions: [], holdout_permille: 0, canary: null, senders: { ...spec.senders, most: null } },
    variants: spec.variants.slice(0, 1).map((one) => ({ ...one, for: null })),
  }
}

/** What the platform takes beside the text of a Moment: pictures, or one video, or one link with its cover (95094). */
export function checkMomentContent(
  content: CampaignContent,
  field: string,
  { limits }: { readonly limits: Pick<LimitProfile, 'value'> },
  say: Say,
): void {
  const { text, attachments } = content
  const [first] = attachments
  if (attachments.some(({ kind }) => kind !== first?.kind)) say(`${field}.attachments`, 'one_sort')
  else if (attachments.length > 1 && first?.kind !== 'image')
    say(`${field}.attachments`, 'too_many', { used: attachments.length, limit: 1 })
  attachments.forEach((one, at) => {
    const here = `${field}.attachments.${at}`
    if (one.kind === 'file' || one.kind === 'miniprogram') say(here, 'not_in_moments')
    if (one.kind !== 'link') return
    if (one.asset_id === undefined) say(`${here}.asset_id`, 'no_cover')
    const [used, limit] = [[...one.title].length, Number(limits.value('moment.link_title_chars'))]
    if (used > limit) say(`${here}.title`, 'too_many_chars', { used, limit })
    if (one.url.includes(senderPlaceholder)) say(`${here}.url`, 'one_for_members')
  })
  if (text.includes(senderPlaceholder)) say(`${field}.text`, 'one_for_members')
}
