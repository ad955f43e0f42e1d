import type { Platform } from '../platform.ts'
import { memberKey } from '../world/groups.ts'
import { appIconOf, mosaicOf, portraitOf } from './portrait.ts'

/** The picture of a person, a group or an app (`app:<appKey>`), as SVG; undefined when there is no such one. */
export function faceOf({ world, apps, weixin }: Platform, id: string): string | undefined {
  const app = id.startsWith('app:') ? id.slice('app:'.length) : undefined
  if (app !== undefined) return apps.has(app) || weixin.accounts.has(app) ? appIconOf(id) : undefined
  const customer = world.customers.indexOf(id)
  if (customer !== undefined) return portraitOf(`c${customer}`, 'customer')
  if (world.staff.find(id) !== undefined) return portraitOf(id, 'staff')
  const group = world.groups.get(id)
  if (group === undefined) return undefined
  const members = [...group.members.values()].map((member) =>
    'userid' in member.who
      ? ({ id: member.who.userid, role: 'staff' } as const)
      : ({ id: memberKey(member).replace(':', ''), role: 'customer' } as const),
  )
  return mosaicOf(members)
}
