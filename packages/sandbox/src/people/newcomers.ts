import { refuse } from '../admin/refusal.ts'
import type { NewPerson } from '../admin/schema.ts'
import type { Platform } from '../platform.ts'
import { ROOT } from '../world/departments.ts'
import type { Who } from './directory.ts'

type New<Role> = Extract<NewPerson, { role: Role }>

export function newCustomer({ world }: Platform, person: New<'customer'>): Who {
  const customer = world.customers.add({
    name: person.name,
    wecom: person.kind === 'wecom',
    ...(person.gender === undefined ? {} : { gender: person.gender }),
  })
  return { kind: 'customer', customer }
}

/** A new member: contacts-sync is told, and every own app whose visible range he enters [90970, 90240]. */
export function hireMember(platform: Platform, person: New<'staff'>): Who {
  const { world, callbacks, visibility, apps } = platform
  if (world.staff.find(person.userid) !== undefined || /^c\d+$/.test(person.userid)) {
    throw refuse(409, '60102', `userid ${person.userid} exists already`, `账号 ${person.userid} 已存在`)
  }
  const departments = person.departments ?? [ROOT]
  const unknown = departments.find((id) => world.departments.get(id) === undefined)
  if (unknown !== undefined) throw refuse(404, '60003', `there is no department ${unknown}`, `部门 ${unknown} 不存在`)
  const member = world.staff.add({
    userid: person.userid,
    name: person.name,
    gender: 0,
    position: '导购',
    departments,
    leaderIn: [],
    directLeader: [],
  })
  // Addresses set since 2022-08-15 get the id and the departments only.
  callbacks.announce({ family: 'contact', event: { kind: 'contact.user_created', userId: member.userid, departments } })
  for (const app of apps.values()) {
    if (app.kind !== 'own' || !visibility.staff(app.appKey, member.index)) continue
    const event = { kind: 'app.subscribed' as const, userId: member.userid, agentId: app.agentId }
    callbacks.announce({ family: 'app', event, onlyApp: app.appKey })
  }
  return { kind: 'staff', member }
}
