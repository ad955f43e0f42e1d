import { z } from 'zod'
import { endpoint } from '../endpoint.ts'
import { atMost, chars, listOf, Nothing, required, Seconds } from '../fields.ts'
import { AgentId, ExternalUserId, TagGroupId, TagId, UserId } from '../ids.ts'

/** uint32; the larger comes first. */
const Order = atMost('tag.order_max', { code: 40058 })
const Name = chars('tag.name_chars', { min: 1, code: 40058 })

export const CorpTag = z.object({
  id: TagId,
  name: z.string(),
  create_time: Seconds,
  order: z.int().default(0),
  /** Only in an answer to a question by id. */
  deleted: z.boolean().optional(),
})
export type CorpTag = z.output<typeof CorpTag>

export const CorpTagGroup = z.object({
  group_id: TagGroupId,
  group_name: z.string(),
  create_time: Seconds,
  order: z.int().default(0),
  deleted: z.boolean().optional(),
  tag: listOf(CorpTag),
})
export type CorpTagGroup = z.output<typeof CorpTagGroup>

const some = (...lists: (readonly unknown[] | undefined)[]) =>
  lists.some((list) => list !== undefined && list.length > 0)

export const tags = {
  /** The corp's tags by group; both lists empty means all, and `group_id` wins over `tag_id`. */
  list: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/get_corp_tag_list',
    doc: 92117,
    request: z.object({ tag_id: z.array(TagId).optional(), group_id: z.array(TagGroupId).optional() }),
    response: z.object({ tag_group: listOf(CorpTagGroup) }),
    repeat: 'safe',
    errors: [40068, 48002],
    credential: ['app'],
    listing: true,
  }),
  /**
   * Adds tags: into the group of `group_id`, else into the group of that name, made if there is none.
   * Names that stand twice in one call become one tag.
   */
  add: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/add_corp_tag',
    doc: 92117,
    request: z
      .object({
        group_id: TagGroupId.optional(),
        group_name: Name.optional(),
        order: Order.optional(),
        tag: z.array(z.object({ name: Name, order: Order.optional() })).min(1, '40058 a group is never empty'),
        agentid: AgentId.optional(),
      })
      .refine((r) => r.group_id !== undefined || r.group_name !== undefined, '40058 group_id or group_name is needed'),
    response: z.object({ tag_group: CorpTagGroup }),
    repeat: 'never',
    errors: [40058, 40068, 40071, 40126, 48002],
    credential: ['app'],
    limits: ['tag.max_count'],
  }),
  /** Renames or reorders a tag or a group of this app; a tag cannot move to another group. */
  edit: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/edit_corp_tag',
    doc: 92117,
    request: z.object({
      id: z.union([TagId, TagGroupId]),
      name: Name.optional(),
      order: Order.optional(),
      agentid: AgentId.optional(),
    }),
    response: Nothing,
    repeat: 'idempotent',
    errors: [40058, 40068, 40071, 48002, 60011],
    credential: ['app'],
    owner: 'app',
    serial: true,
  }),
  /** Deletes tags and groups of this app; the last tag takes its group with it. */
  remove: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/del_corp_tag',
    doc: 92117,
    request: z
      .object({
        tag_id: z.array(TagId).optional(),
        group_id: z.array(TagGroupId).optional(),
        agentid: AgentId.optional(),
      })
      .refine((r) => some(r.tag_id, r.group_id), '40058 tag_id and group_id are both empty'),
    response: Nothing,
    // A second deletion answers 40068.
    repeat: 'idempotent',
    errors: [40058, 40068, 48002, 60011],
    credential: ['app'],
    owner: 'app',
    serial: true,
  }),
  /** Puts tags on one relation and takes them off; two calls on one relation at a time conflict (45035). */
  mark: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/mark_tag',
    doc: 92118,
    request: z
      .object({
        userid: UserId,
        external_userid: required(41035, ExternalUserId),
        add_tag: z.array(TagId).optional(),
        remove_tag: z.array(TagId).optional(),
      })
      .refine((r) => some(r.add_tag, r.remove_tag), '40058 add_tag and remove_tag are both empty'),
    response: Nothing,
    repeat: 'idempotent',
    errors: [40003, 40058, 40068, 40096, 40144, 41035, 48002, 60011, 60111, 84061],
    credential: ['app'],
    serial: true,
    limits: ['tag.per_customer'],
  }),
}
