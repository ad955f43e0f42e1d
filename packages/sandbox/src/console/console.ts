import { refuse } from '../admin/refusal.ts'
import type { ConsoleAct } from '../admin/schema.console.ts'
import { buyQuota } from '../people/acquisition.ts'
import type { Platform } from '../platform.ts'
import { seconds } from '../platform.ts'
import { dayStart } from '../statistics.ts'
import { agreeToArchive, editCustomer } from './customers.ts'
import { actOnGroup, createGroup } from './groups.ts'
import { createDepartment, moveMember, removeMember } from './organisation.ts'
import { createTagGroup, deleteTag, renameTag, shuffleTags } from './tags.ts'

const DAY_S = 86_400

/** Does what a person did in the console or the client, with its callbacks; returns the id of what was made. */
export function act(platform: Platform, given: ConsoleAct): string | undefined {
  switch (given.do) {
    case 'tag_group.create':
      return createTagGroup(platform, given.name, given.tags)
    case 'tag.rename':
      return void renameTag(platform, given.id, given.name)
    case 'tag.delete':
      return void deleteTag(platform, given.id)
    case 'tag.shuffle':
      return void shuffleTags(platform, given.groupIds)
    case 'customer.edit':
      return void editCustomer(platform, given)
    case 'archive.agree':
      return void agreeToArchive(platform, given.userid, given.customer)
    case 'link.delete':
      return void deleteLink(platform, given.linkId)
    case 'quota.buy':
      return void buyQuota(platform, given.balance, dayStart(seconds(platform) + given.days * DAY_S))
    case 'group.create':
      return createGroup(platform, given.owner, given.name, given.customers)
    case 'member.move':
      return void moveMember(platform, given.userid, given.departments)
    case 'member.remove':
      return void removeMember(platform, given.userid)
    case 'department.create':
      return createDepartment(platform, given.name, given.parentId)
    case 'app.inactive_alert':
      return void alertInactive(platform, given.appKey, given.days)
    default:
      return void actOnGroup(platform, given)
  }
}

function deleteLink({ world, callbacks }: Platform, linkId: string): void {
  const link = world.codes.links.get(linkId)
  if (link === undefined || link.deleted)
    throw refuse(404, 'link_unknown', `there is no link ${linkId}`, '没有这个获客链接')
  link.deleted = true
  callbacks.announce({ family: 'acquisition', event: { kind: 'link.delete_link', linkId }, onlyApp: link.appKey })
}

function alertInactive(platform: Platform, appKey: string, days: number): void {
  const app = platform.apps.get(appKey)
  if (app === undefined) throw refuse(404, 'app_unknown', `there is no app ${appKey}`, '没有这个应用')
  const effectTime = seconds(platform) + days * DAY_S
  const event = { kind: 'app.inactive_alert' as const, agentId: app.agentId, effectTime }
  platform.callbacks.announce({ family: 'app', event, onlyApp: appKey })
}
