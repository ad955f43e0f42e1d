import { z } from 'zod'
import { endpoint } from '../endpoint.ts'
import { atMost, Bit, Cursor, chars, listOf, NextCursor, Nothing, oneOf, required, Seconds, upTo } from '../fields.ts'
import { ChatId, ConfigId, UserId } from '../ids.ts'

/** `type` 1 member of the corp, 2 external; `join_scene` 1 invited, 2 by a link, 3 by a QR code (D92122). */
const GroupMember = z.object({
  userid: z.string(),
  type: z.int(),
  /** External people of a corp with a bound developer account, also those who are nobody's friend. */
  unionid: z.string().optional(),
  join_time: Seconds,
  join_scene: z.int(),
  invitor: z.object({ userid: UserId }).optional(),
  group_nickname: z.string().optional(),
  name: z.string().optional(),
  /** `state` of the join way. */
  state: z.string().optional(),
})

export const GroupChat = z.object({
  chat_id: ChatId,
  name: z.string().default(''),
  owner: UserId,
  create_time: Seconds,
  notice: z.string().optional(),
  member_list: listOf(GroupMember),
  admin_list: listOf(z.object({ userid: UserId })),
  member_version: z.string().optional(),
})
export type GroupChat = z.output<typeof GroupChat>

export const groups = {
  /** `status`: 0 normal, 1 owner left, 2 being inherited, 3 inherited. */
  list: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/groupchat/list',
    doc: 92120,
    request: z.object({
      status_filter: oneOf([0, 1, 2, 3], { wrong: 40058 }).optional(),
      owner_filter: z
        .object({ userid_list: upTo('group.list_owners_max', UserId, { code: 40058 }).optional() })
        .optional(),
      cursor: Cursor,
      limit: atMost('group.list_page_max', { min: 1, code: 40058 }),
    }),
    response: z.object({
      group_chat_list: listOf(z.object({ chat_id: ChatId, status: z.int() })),
      next_cursor: NextCursor,
    }),
    repeat: 'safe',
    errors: [40003, 40058, 48002, 50100, 60011, 60111, 81017],
    credential: ['app'],
    listing: true,
    limits: ['group.visible_members_without_filter'],
  }),
  /** Right after `change_external_chat` parts may lag by `group.info_delay_s`. */
  get: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/groupchat/get',
    doc: 92122,
    request: z.object({ chat_id: required(86003, ChatId), need_name: Bit.optional() }),
    response: z.object({ group_chat: GroupChat }),
    repeat: 'safe',
    errors: [40050, 48002, 60011, 86001, 86003, 90501, 90509],
    credential: ['app'],
    limits: ['group.info_delay_s'],
  }),
}

const joinWay = {
  scene: oneOf([1, 2], { missing: 41038, wrong: 41040 }),
  /** A longer remark is cut, not refused. */
  remark: z.string().optional(),
  /** Whether a new group is made when these are full; default 1. */
  auto_create_room: Bit.optional(),
  room_base_name: chars('join_way.base_name_chars', { code: 40058 }).optional(),
  /** Number of the first new group: base name and number are its name. */
  room_base_id: z.int().nonnegative().optional(),
  chat_id_list: upTo('join_way.max_groups', ChatId, { min: 1, code: 41091 }),
  state: chars('join_way.state_chars', { code: 40058 }).optional(),
  mark_source: z.boolean().optional(),
}
const joinErrors = [40050, 40058, 41038, 41040, 41091, 48002, 60011, 86001, 90501]

/** Ways into a customer group (客户群活码); `scene` 1 mini program, 2 QR code. */
export const joinWays = {
  /** The QR code is not in the answer: read it with `get`. */
  add: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/groupchat/add_join_way',
    doc: 92229,
    request: z.object(joinWay),
    response: z.object({ config_id: ConfigId }),
    repeat: 'never',
    errors: [...joinErrors, 41045],
    credential: ['app'],
    limits: ['contact_way.max_count', 'join_way.remark_chars'],
  }),
  get: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/groupchat/get_join_way',
    doc: 92229,
    request: z.object({ config_id: required(41043, ConfigId) }),
    response: z.object({
      join_way: z.object({
        config_id: ConfigId,
        scene: z.int(),
        remark: z.string().default(''),
        auto_create_room: z.int().default(1),
        room_base_name: z.string().optional(),
        room_base_id: z.int().optional(),
        chat_id_list: listOf(ChatId),
        qr_code: z.string(),
        state: z.string().default(''),
        mark_source: z.boolean().optional(),
      }),
    }),
    repeat: 'safe',
    errors: [41043, 41044, 48002],
    credential: ['app'],
    owner: 'app',
  }),
  /** Overwrites the whole way. */
  update: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/groupchat/update_join_way',
    doc: 92229,
    request: z.object({ config_id: required(41043, ConfigId), ...joinWay }),
    response: Nothing,
    repeat: 'idempotent',
    errors: [...joinErrors, 41043, 41044],
    credential: ['app'],
    owner: 'app',
    serial: true,
  }),
  remove: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/groupchat/del_join_way',
    doc: 92229,
    request: z.object({ config_id: required(41043, ConfigId) }),
    response: Nothing,
    repeat: 'idempotent',
    errors: [41043, 41044, 48002],
    credential: ['app'],
    owner: 'app',
  }),
}
