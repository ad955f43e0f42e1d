import { sql } from 'kysely'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import type { Rule } from '../rules/rule.schema.ts'
import { circleOf, type Ties } from '../rules/rule.ts'
import { withoutCircle } from './audience.refusals.ts'
import { audiencesOf } from './saved.store.ts'

/** What besides its own words a rule may rest on: tags that follow an audience, and the rules of the stages. */
export async function tiesOf(on: Executor, corpId: number): Promise<Ties> {
  const { rows: tags } = await sql<{ tag: string; audience: string }>`
    select r.tag_id as tag, r.audience_id::text as audience from tag_rules r
    join tags t on t.corp_id = r.corp_id and t.id = r.tag_id and t.removed_at is null
    where r.corp_id = ${corpId}`.execute(on)
  const { rows: stages } = await sql<{ entry: Rule | null; exit: Rule | null }>`
    select nullif(s->'entry', 'null'::jsonb) as entry, nullif(s->'exit', 'null'::jsonb) as exit
    from (select stages from life_cycles where corp_id = ${corpId} order by version desc limit 1) l,
      jsonb_array_elements(l.stages) s`.execute(on)
  return {
    tags: new Map(tags.map(({ tag, audience }) => [tag, audience])),
    stages: stages.flatMap(({ entry, exit }) => [entry, exit].filter((rule) => rule !== null)),
  }
}

/** The circle that a tag would close if it followed this audience, by the names of audiences; undefined: none. */
export async function circleOfTag(
  on: Executor,
  corpId: number,
  tagId: string,
  audience: { readonly id: string; readonly rule: Rule },
): Promise<readonly string[] | undefined> {
  const all = await audiencesOf(on, corpId)
  const ties = await tiesOf(on, corpId)
  const circle = circleOf(audience.id, audience.rule, new Map(all.map((one) => [one.id, one.rule])), {
    ...ties,
    tags: new Map([...ties.tags, [tagId, audience.id]]),
  })
  const named = new Map(all.map((one) => [one.id, one.name]))
  return circle?.map((id) => named.get(id) ?? id)
}

/**
 * Refuses what closed a circle over tags that follow an audience, when the rules of stages have changed in this transaction:
 * a stage that reads a tag that follows an audience that reads the stage would never come to rest.
 */
export async function withoutCircles(tx: Tx, corpId: number): Promise<void> {
  const ties = await tiesOf(tx, corpId)
  const followed = new Set(ties.tags.values())
  const all = await audiencesOf(tx, corpId)
  for (const audience of all.filter(({ id }) => followed.has(id)))
    withoutCircle(audience.id, audience.rule, all, audience.name, ties)
}

/** The tags that follow an audience, by name. */
export async function tagsFollowing(on: Executor, corpId: number, audienceId: string): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select t.name from tag_rules r join tags t on t.corp_id = r.corp_id and t.id = r.tag_id and t.removed_at is null
    where r.corp_id = ${corpId} and r.audience_id = ${audienceId} order by t.name`.execute(on)
  return rows.map(({ name }) => name)
}
