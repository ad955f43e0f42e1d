import { z } from 'zod'
import { endpoint } from '../endpoint.ts'
import { atMost, chars, listOf, Nothing } from '../fields.ts'
import { TagGroupId, TagId } from '../ids.ts'
import { CorpTagGroup } from './tags.ts'

/** uint32; the larger comes first. */
const Order = atMost('tag.order_max', { code: 40058 })
const Name = chars('tag.name_chars', { min: 1, code: 40058 })

/** A strategy (规则组) of the first level; its tags may be used by the members in its range only. */
const StrategyId = z.int().positive('40058 no strategy')

export const StrategyTagGroup = CorpTagGroup.extend({ strategy_id: z.int().optional() })
export type StrategyTagGroup = z.output<typeof StrategyTagGroup>

/** Tags of strategies: they count towards the corp's tags, and only the app that made them may use them (D94882, D92118). */
export const strategyTags = {
  /** Of one strategy, or of all that the app made; `group_id` wins over `tag_id`. */
  list: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/get_strategy_tag_list',
    doc: 94882,
    request: z.object({
      strategy_id: StrategyId.optional(),
      tag_id: z.array(TagId).optional(),
      group_id: z.array(TagGroupId).optional(),
    }),
    response: z.object({ tag_group: listOf(StrategyTagGroup) }),
    repeat: 'safe',
    errors: [40058, 40068, 48002],
    credential: ['app'],
    listing: true,
  }),
  /** As `tags.add`, for one strategy. */
  add: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/add_strategy_tag',
    doc: 94882,
    request: z
      .object({
        strategy_id: StrategyId,
        group_id: TagGroupId.optional(),
        group_name: Name.optional(),
        order: Order.optional(),
        tag: z.array(z.object({ name: Name, order: Order.optional() })).min(1, '40058 a group is never empty'),
      })
      .refine((r) => r.group_id !== undefined || r.group_name !== undefined, '40058 group_id or group_name is needed'),
    response: z.object({ tag_group: StrategyTagGroup }),
    repeat: 'never',
    errors: [40058, 40068, 40071, 40126, 48002],
    credential: ['app'],
    limits: ['tag.max_count'],
  }),
  edit: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/edit_strategy_tag',
    doc: 94882,
    request: z.object({ id: z.union([TagId, TagGroupId]), name: Name.optional(), order: Order.optional() }),
    response: Nothing,
    repeat: 'idempotent',
    errors: [40058, 40068, 40071, 48002, 60011],
    credential: ['app'],
    owner: 'app',
    serial: true,
  }),
  /** The last tag takes its group with it. */
  remove: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/del_strategy_tag',
    doc: 94882,
    request: z
      .object({ tag_id: z.array(TagId).optional(), group_id: z.array(TagGroupId).optional() })
      .refine(
        (r) => (r.tag_id?.length ?? 0) + (r.group_id?.length ?? 0) > 0,
        '40058 tag_id and group_id are both empty',
      ),
    response: Nothing,
    // A second deletion answers 40068.
    repeat: 'idempotent',
    errors: [40058, 40068, 48002, 60011],
    credential: ['app'],
    owner: 'app',
    serial: true,
  }),
}
