import type { Call, GroupHandlers } from '../http/call.ts'
import { membersOf } from '../people/scan.ts'
import { seconds } from '../platform.ts'
import type { ContactWay } from '../world/codes.ts'
import { MEMBER_DELETED } from '../world/relations.ts'
import { pageOf, readCursor } from './cursor.ts'
import { customerOf, Fail, fail, followMember, relationOf, visibleMember } from './scope.ts'

export const contactWays: GroupHandlers<'contactWays'> = {
  add(call, request) {
    const { platform, app } = call
    const { world, settings } = platform
    const refusal = checkMembers(call, request.user ?? [], request.party ?? [])
    if (refusal !== undefined) return refusal
    if (request.is_temp === true) {
      const today = call.frequency.countOwn(
        `${world.corpId} temporary ways`,
        settings.limits.value('contact_way.temp_per_day'),
        86_400,
      )
      if (today !== undefined) return today
      if (request.unionid !== undefined && !settings.value.corp.developerAccountBound)
        return fail(41057, 'no developer account is bound')
    } else if (lasting(call) >= settings.limits.value('contact_way.max_count')) {
      return fail(41045, 'the number of contact ways reached its cap')
    }
    if (request.conclusions !== undefined && request.is_temp !== true)
      return fail(40058, 'conclusions are for temporary sessions')
    const configId = world.newId('', 32)
    const way: ContactWay = {
      configId,
      appKey: app.appKey,
      type: request.type,
      scene: request.scene,
      content: `https://work.weixin.qq.com/s/${world.newId('', 22)}`,
      createdAt: seconds(platform),
      isTemp: request.is_temp ?? false,
      isExclusive: request.is_exclusive ?? false,
      style: request.scene === 1 ? request.style : undefined,
      remark: request.remark ?? '',
      skipVerify: request.skip_verify ?? true,
      state: request.state ?? '',
      users: request.user ?? [],
      parties: request.party ?? [],
      expiresIn: request.expires_in,
      chatExpiresIn: request.chat_expires_in,
      unionId: request.unionid,
      markSource: request.mark_source,
      conclusions: request.conclusions,
      used: false,
    }
    world.codes.addContactWay(way)
    return way.scene === 2 ? { config_id: configId, qr_code: picture(call, way) } : { config_id: configId }
  },

  get(call, { config_id }) {
    const way = ownWay(call, config_id)
    if (way instanceof Fail) return way
    return {
      contact_way: {
        config_id,
        type: way.type,
        scene: way.scene,
        remark: way.remark,
        skip_verify: way.skipVerify,
        state: way.state,
        user: [...way.users],
        party: [...way.parties],
        is_temp: way.isTemp,
        ...(way.scene === 2 ? { qr_code: picture(call, way) } : {}),
        ...(way.style === undefined ? {} : { style: way.style }),
        ...(way.expiresIn === undefined ? {} : { expires_in: way.expiresIn }),
        ...(way.chatExpiresIn === undefined ? {} : { chat_expires_in: way.chatExpiresIn }),
        ...(way.unionId === undefined ? {} : { unionid: way.unionId }),
        ...(way.markSource === undefined ? {} : { mark_source: way.markSource }),
        ...(way.conclusions === undefined ? {} : { conclusions: way.conclusions }),
      },
    }
  },

  list(call, request) {
    const from = readCursor(request.cursor)
    if (from === undefined) return fail(50100, 'invalid cursor')
    const { limits } = call.platform.settings
    const endS = request.end_time ?? seconds(call.platform)
    const startS = request.start_time ?? endS - limits.value('contact_way.list_default_days') * 86_400
    const ways = [...call.platform.world.codes.contactWays.values()].filter(
      (way) => way.appKey === call.app.appKey && !way.isTemp && way.createdAt >= startS && way.createdAt <= endS,
    )
    const { page, next } = pageOf(ways, from, request.limit ?? limits.value('contact_way.list_page_default'))
    return { contact_way: page.map((way) => ({ config_id: way.configId })), next_cursor: next }
  },

  update(call, request) {
    const way = ownWay(call, request.config_id)
    if (way instanceof Fail) return way
    if (way.isTemp && (way.used || isOver(call, way))) return fail(41044, 'this temporary contact way is over')
    const users = request.user ?? way.users
    const parties = request.party ?? way.parties
    if (way.type === 1 && users.length !== 1) return fail(40058, 'type 1 takes exactly one user')
    if (way.type === 1 && parties.length > 0) return fail(40058, 'party is for type 2')
    if (way.type === 2 && users.length + parties.length === 0) return fail(40058, 'user and party are empty')
    if (way.type === 2 && request.style === 3) return fail(41042, 'style 3 is for type 1')
    if (request.user !== undefined || request.party !== undefined) {
      const refusal = checkMembers(call, users, parties)
      if (refusal !== undefined) return refusal
    }
    way.users = users
    way.parties = parties
    way.remark = request.remark ?? way.remark
    way.skipVerify = request.skip_verify ?? way.skipVerify
    way.style = way.scene === 1 ? (request.style ?? way.style) : undefined
    way.state = request.state ?? way.state
    way.expiresIn = request.expires_in ?? way.expiresIn
    way.chatExpiresIn = request.chat_expires_in ?? way.chatExpiresIn
    way.unionId = request.unionid ?? way.unionId
    way.markSource = request.mark_source ?? way.markSource
    way.conclusions = request.conclusions ?? way.conclusions
    return {}
  },

  remove(call, { config_id }) {
    const way = ownWay(call, config_id)
    if (way instanceof Fail) return way
    call.platform.world.codes.removeContactWay(way)
    return {}
  },

  closeTempChat(call, { userid, external_userid }) {
    const member = followMember(call, userid)
    if (member instanceof Fail) return member
    const customer = customerOf(call, external_userid)
    if (customer instanceof Fail) return customer
    const row = relationOf(call, member, customer)
    if (row instanceof Fail) return row
    const { relations } = call.platform.world
    const temporary = [...call.platform.world.codes.contactWays.values()].some(
      (way) => way.isTemp && way.used && way.users.includes(member.userid) && way.state === relations.state(row),
    )
    if (!temporary) return fail(84061, 'there is no temporary session of these two')
    relations.setFlags(row, relations.flags(row) | MEMBER_DELETED)
    return {}
  },
}

function picture({ platform }: Call, way: ContactWay): string {
  return `${platform.address.url}/qr/${way.configId}.png`
}

/** Contact ways that count, together with join ways, which share the quota [92229]. */
export function lasting({ platform }: Call): number {
  return platform.world.codes.lastingWays + platform.world.codes.joinWays.size
}

function isOver({ platform }: Call, way: ContactWay): boolean {
  const ttlS = way.expiresIn ?? platform.settings.limits.value('contact_way.temp_ttl_default_s')
  return seconds(platform) >= way.createdAt + ttlS
}

/** Only the app that made it; another's is as if it did not exist. */
function ownWay({ platform, app }: Call, configId: string): ContactWay | Fail {
  const way = platform.world.codes.contactWays.get(configId)
  return way === undefined || way.appKey !== app.appKey ? fail(41044, 'invalid config_id') : way
}

function checkMembers(call: Call, users: readonly string[], parties: readonly number[]): Fail | undefined {
  const { platform, app } = call
  for (const userid of users) {
    const member = visibleMember(call, userid)
    if (member instanceof Fail) return member
  }
  for (const id of parties) {
    if (platform.world.departments.get(id) === undefined) return fail(60003, 'department not found')
    if (!platform.visibility.department(app.appKey, id)) return fail(60011, 'no privilege to access department')
  }
  const members = membersOf(platform, users, parties)
  if (members.length > platform.settings.limits.value('contact_way.max_users'))
    return fail(41041, 'too many users, departments expanded')
  const of = members.map((member) => platform.settings.member(member.userid))
  if (of.some((member) => !member.followUser)) return fail(84074, 'a member has no external contact permission')
  // Whoever it is, the platform does not name him [90313].
  if (of.some((member) => !member.active || !member.realName)) return fail(41054, 'user not activated')
  return undefined
}
