import { sql } from 'kysely'
import type { Config } from '../../../infra/config.ts'
import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import type { Executor } from '../../../infra/db/database.ts'
import { assetsOf } from '../../content/index.ts'
import type { Submission } from '../approvals/approval.ts'
import { policiesAt } from '../governor/policies.store.ts'
import { forbiddenWords, reachSettings } from '../settings/settings.store.ts'
import type { CampaignSpec } from './campaign.schema.ts'
import { audiencesNamed, type CheckFacts } from './checks.ts'
import { brandPlaceholder } from './content.ts'
import { forbiddenIn } from './forbidden.ts'
import { tagsOf } from './moment.checks.ts'
import { restsOn } from './rests-on.store.ts'

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

/** `stopped`: something else that would stop an approval now. */
export type Changed = 'audience' | 'archived' | 'sender_set' | 'brand' | 'links' | 'tag_rule' | 'stages' | 'stopped'

/**
 * What was changed since a spec was submitted: the brand that it says, the domain of its links, the rules that its tags or
 * stages follow; an audience that it reads has another rule or was put away; its set of senders has other members.
 */
export async function changedSince(
  on: Executor,
  config: Pick<Config, 'publicUrl'>,
  corpId: number,
  spec: CampaignSpec,
  { submittedAt: since, brand, restsOn: then }: Pick<Submission, 'submittedAt' | 'brand' | 'restsOn'>,
): Promise<Changed | undefined> {
  const isNamed = JSON.stringify(spec.variants).includes(brandPlaceholder)
  if (isNamed && brand !== null && (await reachSettings(on, corpId)).brand !== brand) return 'brand'
  const now = await restsOn(on, config, corpId, spec)
  if (then !== null && then.links !== now.links) return 'links'
  if (then !== null && then.tags !== now.tags) return 'tag_rule'
  if (then !== null && then.stages !== now.stages) return 'stages'
  const { rows } = await sql<{ changed: Changed }>`
    select 'audience' as changed from audience_versions
    where corp_id = ${corpId} and audience_id = any(${now.audiences}::uuid[]) and created_at > ${since}
    union all
    select 'archived' from audiences
    where corp_id = ${corpId} and id = any(${now.audiences}::uuid[]) and archived_at is not null
    union all
    select 'sender_set' from sender_sets
    where corp_id = ${corpId} and id = any(${namedIn(spec).sets}::uuid[]) and changed_at > ${since} limit 1`.execute(on)
  return rows[0]?.changed
}

const uuids = (ids: readonly string[]) => ids.filter((id) => /^[0-9a-f-]{36}$/i.test(id))
