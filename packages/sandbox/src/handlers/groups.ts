import type { Call, GroupHandlers } from '../http/call.ts'
import { publicId } from '../people/groups.ts'
import { seconds } from '../platform.ts'
import type { JoinWay } from '../world/codes.ts'
import { faceOf, type Group } from '../world/groups.ts'
import { lasting } from './contact-ways.ts'
import { pageOf, readCursor } from './cursor.ts'
import { Fail, fail, visibleMember } from './scope.ts'

const CORP_MEMBER = 1
const EXTERNAL = 2
/** Owner is there; the sandbox has no resigned owners yet. */
const NORMAL = 0

export const groups: GroupHandlers<'groups'> = {
  list(call, { status_filter = 0, owner_filter, cursor, limit }) {
    const { platform, app } = call
    const from = readCursor(cursor)
    if (from === undefined) return fail(50100, 'invalid cursor')
    const owners = new Set<string>()
    for (const userid of owner_filter?.userid_list ?? []) {
      const member = visibleMember(call, userid)
      if (member instanceof Fail) return member
      owners.add(member.userid)
    }
    const many = platform.settings.limits.value('group.visible_members_without_filter')
    if (owners.size === 0 && platform.visibility.members(app.appKey).length > many) {
      return fail(81017, 'owner_filter is needed when more than 1000 members are visible')
    }
    const found = platform.world.groups.all().filter((group) => {
      if (group.dismissed || status_filter !== NORMAL) return false
      return owners.size === 0 ? isVisible(call, group) : owners.has(group.owner)
    })
    const { page, next } = pageOf(found, from, limit)
    return { group_chat_list: page.map(({ chatId }) => ({ chat_id: chatId, status: NORMAL })), next_cursor: next }
  },

  get(call, { chat_id, need_name }) {
    const group = visibleGroup(call, chat_id)
    if (group instanceof Fail) return group
    const { world, settings } = call.platform
    const { developerAccountBound } = settings.value.corp
    const face = faceOf(group, call.platform.clock.now())
    const members = face.members.map((member) => {
      const { who } = member
      const customer = 'customer' in who ? who.customer : undefined
      const bound = customer !== undefined && developerAccountBound && !world.customers.isWecom(customer)
      const name =
        customer === undefined ? world.staff.find(publicId(call.platform, who))?.name : world.customers.name(customer)
      return {
        userid: publicId(call.platform, who),
        type: customer === undefined ? CORP_MEMBER : EXTERNAL,
        join_time: member.joinedAt,
        join_scene: member.scene,
        group_nickname: member.nickname,
        ...(bound ? { unionid: world.customers.unionId(customer) } : {}),
        ...(member.invitor === undefined ? {} : { invitor: { userid: member.invitor } }),
        ...(need_name === 1 ? { name: name ?? '' } : {}),
        ...(member.state === '' ? {} : { state: member.state }),
      }
    })
    return {
      group_chat: {
        chat_id,
        name: face.name,
        owner: face.owner,
        create_time: group.createdAt,
        notice: face.notice,
        member_list: members,
        admin_list: group.admins.map((userid) => ({ userid })),
        member_version: face.memberVersion,
      },
    }
  },
}

export const joinWays: GroupHandlers<'joinWays'> = {
  add(call, request) {
    const { platform, app } = call
    const { world, settings } = platform
    const refusal = checkGroups(call, request.chat_id_list)
    if (refusal !== undefined) return refusal
    if (lasting(call) >= settings.limits.value('contact_way.max_count'))
      return fail(41045, 'the number of join ways reached its cap')
    const configId = world.newId('', 32)
    world.codes.addJoinWay({
      configId,
      appKey: app.appKey,
      scene: request.scene,
      content: `https://work.weixin.qq.com/gm/${world.newId('', 32)}`,
      createdAt: seconds(platform),
      ...fieldsOf(call, request),
    })
    return { config_id: configId }
  },

  get(call, { config_id }) {
    const way = ownJoinWay(call, config_id)
    if (way instanceof Fail) return way
    return {
      join_way: {
        config_id,
        scene: way.scene,
        remark: way.remark,
        auto_create_room: way.autoCreateRoom ? 1 : 0,
        room_base_name: way.roomBaseName,
        room_base_id: way.roomBaseId,
        chat_id_list: [...way.chatIds],
        qr_code: `${call.platform.address.url}/qr/${config_id}.png`,
        state: way.state,
        ...(way.markSource === undefined ? {} : { mark_source: way.markSource }),
      },
    }
  },

  update(call, request) {
    const way = ownJoinWay(call, request.config_id)
    if (way instanceof Fail) return way
    if (request.scene !== way.scene) return fail(40058, 'the scene of a join way cannot be changed')
    const refusal = checkGroups(call, request.chat_id_list)
    if (refusal !== undefined) return refusal
    // Overwrites the whole way [92229].
    Object.assign(way, fieldsOf(call, request))
    return {}
  },

  remove(call, { config_id }) {
    const way = ownJoinWay(call, config_id)
    if (way instanceof Fail) return way
    call.platform.world.codes.removeJoinWay(way)
    return {}
  },
}

interface JoinFields {
  remark?: string | undefined
  auto_create_room?: 0 | 1 | undefined
  room_base_name?: string | undefined
  room_base_id?: number | undefined
  chat_id_list: readonly string[]
  state?: string | undefined
  mark_source?: boolean | undefined
}

function fieldsOf(
  { platform }: Call,
  request: JoinFields,
): Omit<JoinWay, 'configId' | 'appKey' | 'scene' | 'content' | 'createdAt'> {
  // A longer remark is cut, not refused [92229].
  const remark = [...(request.remark ?? '')].slice(0, platform.settings.limits.value('join_way.remark_chars')).join('')
  return {
    remark,
    autoCreateRoom: (request.auto_create_room ?? 1) === 1,
    roomBaseName: request.room_base_name ?? '',
    roomBaseId: request.room_base_id ?? 1,
    chatIds: [...request.chat_id_list],
    state: request.state ?? '',
    markSource: request.mark_source,
  }
}

function isVisible({ platform, app }: Call, group: Group): boolean {
  const owner = platform.world.staff.find(group.owner)
  return owner !== undefined && platform.visibility.staff(app.appKey, owner.index)
}

function visibleGroup(call: Call, chatId: string): Group | Fail {
  const group = call.platform.world.groups.get(chatId)
  if (group === undefined || group.dismissed) return fail(40050, 'chatid does not exist')
  return isVisible(call, group) ? group : fail(60011, 'the owner of the group is outside the visible range')
}

function checkGroups(call: Call, chatIds: readonly string[]): Fail | undefined {
  for (const chatId of chatIds) {
    const group = visibleGroup(call, chatId)
    if (group instanceof Fail) return group
  }
  return undefined
}

/** Only the app that made it [92229]. */
function ownJoinWay({ platform, app }: Call, configId: string): JoinWay | Fail {
  const way = platform.world.codes.joinWays.get(configId)
  return way === undefined || way.appKey !== app.appKey ? fail(41044, 'invalid config_id') : way
}
