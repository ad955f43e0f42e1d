import { sql } from 'kysely'
import type { Config } from '../../../infra/config.ts'
import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import type { Executor } from '../../../infra/db/database.ts'
import { assetsOf } from '../../content/index.ts'
import type { Submission } from '../approvals/approval.ts'
import { policiesAt } from '../governor/policies.store.ts'
import { forbiddenWords, reachSettings } from '../settings/settings.store.ts'
import type { CampaignSpec } from './campaign.schema.ts'
import type { Changed } from './changed.words.ts'
import { audiencesNamed, type CheckFacts } from './checks.ts'
import { brandPlaceholder } from './content.ts'
import { forbiddenIn } from './forbidden.ts'
import { tagsOf } from './moment.checks.ts'
import { type RestedOn, type RestsOn, restsOn } from './rests-on.store.ts'

type Stored = Omit<CheckFacts, 'limits' | 'longestLink' | 'preferences' | 'now'>

/** What is stored of what a spec names, and of what it is checked against. */
export async function storedFacts(on: Executor, corpId: number, spec: CampaignSpec, now: Date): Promise<Stored> {
  const named = namedIn(spec)
  const { rows } = await sql<{ kind: 'audience' | 'store' | 'set' | 'asset' | 'tag'; id: string }>`
    select 'audience' as kind, id::text from audiences where corp_id = ${corpId} and archived_at is null and id = any(${named.audiences}::uuid[])
    union all select 'store', id::text from stores where corp_id = ${corpId} and closed_at is null and id = any(${named.stores}::uuid[])
    union all select 'set', id::text from sender_sets where corp_id = ${corpId} and id = any(${named.sets}::uuid[])
    union all select 'asset', id::text from media_assets where corp_id = ${corpId} and id = any(${named.assets}::uuid[])
    union all select 'tag', t.platform_id from tags t join tag_groups g on g.corp_id = t.corp_id and g.id = t.group_id
      where t.corp_id = ${corpId} and t.removed_at is null and g.removed_at is null and g.kind = 'corp'
        and t.platform_id = any(${[...tagsOf(spec)]}::text[])`.execute(on)
  const of = (kind: (typeof rows)[number]['kind']) =>
    new Set(rows.filter((row) => row.kind === kind).map((row) => row.id))
  const { brand } = await reachSettings(on, corpId)
  const policies = await policiesAt(on, corpId, now)
  return {
    brand,
    forbidden: forbiddenIn(await forbiddenWords(on, corpId), brand),
    zone: await zoneOfCorp(on, corpId),
    ...{ audiences: of('audience'), stores: of('store'), sets: of('set'), assets: of('asset'), tags: of('tag') },
    quiet: policies.flatMap(({ name, rules }) => (rules.quiet === null ? [] : [{ policy: name, ...rules.quiet }])),
  }
}

function namedIn(spec: CampaignSpec) {
  const whoms = [spec.whom, ...spec.exclusions.map((one) => one.whom)]
  const parts = spec.variants.map((one) => one.for)
  return {
    audiences: uuids([
      ...whoms.flatMap((one) => (one === null ? [] : 'audience' in one ? [one.audience] : audiencesNamed(one.rule))),
      ...parts.flatMap((one) => (one !== null && 'audience' in one ? [one.audience] : [])),
    ]),
    stores: [
      ...parts.flatMap((one) => (one !== null && 'stores' in one ? one.stores : [])),
      ...(spec.groups?.stores ?? []),
    ],
    sets: spec.senders.set === null ? [] : [spec.senders.set],
    assets: spec.variants.flatMap(({ content }) => assetsOf(content.attachments)),
  }
}

/** What was noted when somebody last saw what a spec comes to: at its submission, or at a rehearsal, which reads no words. */
export interface SeenThen {
  readonly at: Date
  /** null: not noted, or of no matter. */
  readonly brand: string | null
  readonly restsOn: RestedOn | null
}

/**
 * What was changed since then: the brand that it says, the domain of its links, the rules that its tags or stages follow, what
 * tiers ask for, the governor's policies, the global holdout; an audience that it reads has another rule or was put away; its
 * set of senders has other members.
 */
export async function changedSince(
  on: Executor,
  config: Pick<Config, 'publicUrl'>,
  corpId: number,
  spec: CampaignSpec,
  { at, brand, restsOn: then }: SeenThen,
  now: Date,
): Promise<readonly Changed[]> {
  const { audiences, ...rests } = await restsOn(on, config, corpId, spec, now)
  const isNamed = JSON.stringify(spec.variants).includes(brandPlaceholder)
  const renamed = isNamed && brand !== null && (await reachSettings(on, corpId)).brand !== brand
  const other = (key: keyof RestsOn) => then?.[key] !== undefined && then[key] !== rests[key]
  const { rows } = await sql<{ changed: Changed }>`
    select 'audience' as changed from audience_versions
    where corp_id = ${corpId} and audience_id = any(${audiences}::uuid[]) and created_at > ${at}
    union
    select 'archived' from audiences
    where corp_id = ${corpId} and id = any(${audiences}::uuid[]) and archived_at >= ${at}
    union
    select 'sender_set' from sender_sets
    where corp_id = ${corpId} and id = any(${namedIn(spec).sets}::uuid[]) and changed_at > ${at} order by 1`.execute(on)
  return [
    ...(renamed ? ['brand' as const] : []),
    ...restKeys.filter(other).map((key) => changedAs[key]),
    ...rows.map(({ changed }) => changed),
  ]
}

const changedAs = {
  ...{ links: 'links', tags: 'tag_rule', stages: 'stages' },
  ...{ tiers: 'tiers', policies: 'policies', holdout: 'holdout' },
} as const satisfies Record<keyof RestsOn, Changed>
const restKeys = [
  'links',
  'tags',
  'stages',
  'tiers',
  'policies',
  'holdout',
] as const satisfies readonly (keyof RestsOn)[]

/** What was submitted, as it was seen then. */
export const seenAt = ({
  submittedAt: at,
  brand,
  restsOn,
}: Pick<Submission, 'submittedAt' | 'brand' | 'restsOn'>): SeenThen => ({
  ...{ at, brand, restsOn },
})

const uuids = (ids: readonly string[]) => ids.filter((id) => /^[0-9a-f-]{36}$/i.test(id))
