import type { z } from '@hono/zod-openapi'
import type { TagRule } from './rule-tags.ts'
import type { tagCatalogue } from './tags.schema.ts'
import type { GroupRow, TagRow } from './tags.store.ts'

type GroupView = z.infer<typeof tagCatalogue>['groups'][number]

/** A group with its tags; `counts` undefined: whoever asks may not know how many customers there are. */
export function presentGroup(
  group: GroupRow,
  tags: readonly TagRow[],
  rules: ReadonlyMap<string, TagRule>,
  counts: ReadonlyMap<string, number> | undefined,
): GroupView {
  const { id, name, kind, ours, truth, exclusive, sensitive, position } = group
  return {
    ...{ id, name, kind, strategy_id: group.strategyId, ours, truth, exclusive, sensitive, position },
    at_platform: group.platformId !== null,
    tags: tags.map((tag) => ({
      ...{ id: tag.id, name: tag.name, position: tag.position, at_platform: tag.platformId !== null },
      customers: counts === undefined ? null : (counts.get(tag.id) ?? 0),
      moving: tag.moving === null ? null : { operation_id: tag.moving.operationId, to_group: tag.moving.toGroup },
      rule: presentRule(rules.get(tag.id)),
    })),
  }
}

function presentRule(rule: TagRule | undefined): GroupView['tags'][number]['rule'] {
  if (rule === undefined) return null
  return {
    ...{ audience_id: rule.audienceId, audience: rule.audience, audience_kind: rule.kind, keep_days: rule.keepDays },
    followed_at: rule.followedAt?.toISOString() ?? null,
  }
}
