import type { Call, GroupHandlers } from '../http/call.ts'
import { linkBalance } from '../people/acquisition.ts'
import { membersOf } from '../people/scan.ts'
import { seconds } from '../platform.ts'
import type { AcquisitionLink } from '../world/codes.ts'
import { pageOf, readCursor } from './cursor.ts'
import { Fail, fail, visibleMember } from './scope.ts'

export const acquisitionLinks: GroupHandlers<'acquisitionLinks'> = {
  list(call, { limit, cursor }) {
    const from = readCursor(cursor)
    if (from === undefined) return fail(50100, 'invalid cursor')
    const { links } = call.platform.world.codes
    const own = [...links.values()].filter((link) => link.appKey === call.app.appKey && !link.deleted)
    const { page, next } = pageOf(own, from, limit ?? call.platform.settings.limits.value('link.page_max'))
    return { link_id_list: page.map((link) => link.linkId), next_cursor: next }
  },

  get(call, { link_id }) {
    const link = ownLink(call, link_id)
    if (link instanceof Fail) return link
    const { priority } = link
    return {
      link: {
        link_id,
        link_name: link.name,
        url: link.url,
        create_time: link.createdAt,
        skip_verify: link.skipVerify,
        ...(link.markSource === undefined ? {} : { mark_source: link.markSource }),
      },
      range: { user_list: [...link.users], department_list: [...link.departments] },
      ...(priority === undefined
        ? {}
        : { priority_option: { priority_type: priority.type, priority_userid_list: [...priority.users] } }),
    }
  },

  create(call, request) {
    const { platform, app } = call
    const { world, settings } = platform
    const users = request.range.user_list ?? []
    const departments = request.range.department_list ?? []
    const refusal = checkRange(call, users, departments) ?? checkPriority(call, request.priority_option)
    if (refusal !== undefined) return refusal
    const own = [...world.codes.links.values()].filter((link) => !link.deleted)
    if (own.length >= settings.value.readings.linkCap) return fail(41095, 'the number of links reached its cap')
    const linkId = world.newId('ca', 24)
    const link: AcquisitionLink = {
      linkId,
      appKey: app.appKey,
      url: `https://work.weixin.qq.com/ca/${linkId}`,
      createdAt: seconds(platform),
      name: request.link_name,
      users,
      departments,
      skipVerify: request.skip_verify ?? true,
      priority: priorityOf(request.priority_option),
      markSource: request.mark_source,
      deleted: false,
      unavailable: false,
    }
    world.codes.addLink(link)
    return {
      link: {
        link_id: linkId,
        link_name: link.name,
        url: link.url,
        create_time: link.createdAt,
        skip_verify: link.skipVerify,
      },
    }
  },

  update(call, request) {
    const link = ownLink(call, request.link_id)
    if (link instanceof Fail) return link
    const users = request.range === undefined ? link.users : (request.range.user_list ?? [])
    const departments = request.range === undefined ? link.departments : (request.range.department_list ?? [])
    const refusal =
      (request.range === undefined ? undefined : checkRange(call, users, departments)) ??
      checkPriority(call, request.priority_option)
    if (refusal !== undefined) return refusal
    link.users = users
    link.departments = departments
    link.name = request.link_name ?? link.name
    link.skipVerify = request.skip_verify ?? link.skipVerify
    link.priority = priorityOf(request.priority_option) ?? link.priority
    link.markSource = request.mark_source ?? link.markSource
    link.unavailable = false
    return {}
  },

  remove(call, { link_id }) {
    const link = ownLink(call, link_id)
    if (link instanceof Fail) return link
    link.deleted = true
    return {}
  },

  quota({ platform }) {
    const { codes } = platform.world
    const alive = codes.quotas.filter((quota) => quota.expiresAt > seconds(platform))
    return {
      total: codes.quotaUsed,
      balance: linkBalance(platform),
      quota_list: alive.map((quota) => ({ expire_date: quota.expiresAt, balance: quota.balance })),
    }
  },
}

/** Only the app that made it [97297]. */
function ownLink({ platform, app }: Call, linkId: string): AcquisitionLink | Fail {
  const link = platform.world.codes.links.get(linkId)
  return link === undefined || link.deleted || link.appKey !== app.appKey ? fail(40058, 'invalid link_id') : link
}

function checkRange(call: Call, users: readonly string[], departments: readonly number[]): Fail | undefined {
  const { platform, app } = call
  for (const userid of users) {
    const member = visibleMember(call, userid)
    if (member instanceof Fail) return member
  }
  for (const id of departments) {
    if (platform.world.departments.get(id) === undefined) return fail(60003, 'department not found')
    if (!platform.visibility.department(app.appKey, id)) return fail(60011, 'no privilege to access department')
  }
  const members = membersOf(platform, users, departments)
  if (members.length > platform.settings.limits.value('link.max_users'))
    return fail(40058, 'too many users in range, departments expanded')
  // Members who cannot be added are skipped; only when nobody is left is it an error [97297].
  const some = members.some((member) => {
    const { active, realName, followUser } = platform.settings.member(member.userid)
    return active && realName && followUser
  })
  return some ? undefined : fail(41054, 'no user of the range is activated')
}

type Priority = { priority_type: 1 | 2; priority_userid_list?: readonly string[] | undefined } | undefined

function checkPriority(call: Call, priority: Priority): Fail | undefined {
  if (priority === undefined) return undefined
  if (!call.platform.settings.value.corp.linkPriorityAllowed)
    return fail(41200, 'only some industries may set priority_option')
  for (const userid of priority.priority_userid_list ?? []) {
    const member = visibleMember(call, userid)
    if (member instanceof Fail) return member
  }
  return undefined
}

function priorityOf(priority: Priority): AcquisitionLink['priority'] {
  return priority === undefined
    ? undefined
    : { type: priority.priority_type, users: priority.priority_userid_list ?? [] }
}
