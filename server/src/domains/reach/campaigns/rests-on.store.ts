import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Config } from '../../../infra/config.ts'
import type { Executor } from '../../../infra/db/database.ts'
import { leavesOf, type Rule, tiersOf, tiesOf } from '../../audiences/index.ts'
import { siteOfCorp } from '../../content/index.ts'
import { policiesAt, type StandingPolicy } from '../governor/policies.store.ts'
import { reachSettings } from '../settings/settings.store.ts'
import type { CampaignSpec } from './campaign.schema.ts'
import { ruleOf } from './campaign.ts'
import { preferencesPlaceholder, urlsOf } from './content.ts'
import { tagsOf } from './moment.checks.ts'
import { ruleNamed } from './named.store.ts'

/** What a spec's words and rules rest on beside themselves; null: it has nothing of the kind. */
export interface RestsOn {
  /** Where its tracked links and the page of preferences lead. */
  readonly links: string | null
  /** A print of the rules that its tags follow. */
  readonly tags: string | null
  /** A print of the rules of the stages of life. */
  readonly stages: string | null
  /** A print of what the value tiers ask for. */
  readonly tiers: string | null
  /** A print of the versions of the governor's policies. */
  readonly policies: string | null
  /** How many of a thousand are held out of everything. */
  readonly holdout: number | null
}

/** What was kept of an earlier submission or rehearsal: what was not kept then is missing. */
export type RestedOn = Partial<RestsOn>

/** What a spec rests on now, and the audiences that it, those, its tags, its stages and the policies read. */
export async function restsOn(
  on: Executor,
  config: Pick<Config, 'publicUrl'>,
  corpId: number,
  spec: CampaignSpec,
  now: Date,
): Promise<RestsOn & { readonly audiences: readonly string[] }> {
  const policies = spec.marketing ? await policiesAt(on, corpId, now) : []
  const { audiences, tags, stages, tiers } = await readBy(on, corpId, spec, policies)
  const { rows } = await sql<Pick<RestsOn, 'tags' | 'stages'>>`
    select
      (select md5(string_agg(concat_ws('/', r.tag_id, r.audience_id, r.keep_days), ',' order by r.tag_id))
        from tag_rules r where r.corp_id = ${corpId} and r.tag_id = any(${[...tags]}::text[])) as tags,
      (select md5(string_agg(concat_ws('/', s.stage->>'id', s.stage->>'entry', s.stage->>'exit'), ',' order by s.nth))
        from (select stages from life_cycles where corp_id = ${corpId} and ${stages}::boolean order by version desc limit 1) l,
          jsonb_array_elements(l.stages) with ordinality s(stage, nth)) as stages`.execute(on)
  const [prints = { tags: null, stages: null }] = rows
  const heldOut = spec.marketing && spec.kind !== 'group_send' && tagsOf(spec).length === 0
  return {
    ...{ ...prints, audiences },
    links: leadsToUs(spec) ? await siteOfCorp(on, config, corpId) : null,
    tiers: tiers ? print((await tiersOf(on, corpId)).map(({ id, when }) => [id, when])) : null,
    policies: spec.marketing ? print(policies.map(({ id, version }) => [id, version])) : null,
    holdout: heldOut ? (await reachSettings(on, corpId)).globalHoldoutPermille : null,
  }
}

/** Short, and the same for the same. */
const print = (of: unknown) => createHash('md5').update(JSON.stringify(of)).digest('hex')

const leadsToUs = ({ variants }: CampaignSpec) =>
  variants.some(({ content }) => urlsOf(content).length > 0 || content.text.includes(preferencesPlaceholder))

async function readBy(on: Executor, corpId: number, spec: CampaignSpec, policies: readonly StandingPolicy[]) {
  const ties = await tiesOf(on, corpId)
  const [audiences, tags] = [new Set<string>(), new Set<string>()]
  let [stages, tiers] = [false, false]
  const named = await ruleNamed(on, corpId, spec)
  const parts = spec.variants.flatMap(({ for: part }) => (part !== null && 'audience' in part ? [ruleOf(part)] : []))
  const governed = policies.flatMap(({ rules: { whom } }) => (whom === null ? [] : [whom]))
  const left = spec.exclusions.map(({ whom }) => ruleOf(whom))
  let rules: readonly Rule[] = [...(named ? [named] : []), ...left, ...parts, ...governed]
  while (rules.length > 0) {
    const found = new Set<string>()
    const leaves = rules.flatMap(leavesOf)
    if (!stages && leaves.some(({ is }) => is === 'stage')) {
      stages = true
      leaves.push(...ties.stages.flatMap(leavesOf))
    }
    for (const leaf of leaves) {
      tiers ||= leaf.is === 'tier'
      if (leaf.is === 'audience' || leaf.is === 'list') found.add(leaf.id)
      if (leaf.is !== 'tags') continue
      for (const tag of leaf.tags) {
        tags.add(tag)
        const followed = ties.tags.get(tag)
        if (followed !== undefined) found.add(followed)
      }
    }
    const next = [...found].filter((id) => !audiences.has(id))
    for (const id of next) audiences.add(id)
    rules = await rulesOf(on, corpId, next)
  }
  return { audiences: [...audiences].filter(isUuid), tags, stages, tiers }
}

/** The rules of these audiences: what no rule tells, a list that was brought, has none. */
async function rulesOf(on: Executor, corpId: number, ids: readonly string[]): Promise<readonly Rule[]> {
  const { rows } = await sql<{ rule: Rule }>`
    select rule from audiences where corp_id = ${corpId} and rule is not null and id = any(${ids.filter(isUuid)}::uuid[])`.execute(
    on,
  )
  return rows.map(({ rule }) => rule)
}

const isUuid = (id: string) => /^[0-9a-f-]{36}$/i.test(id)
