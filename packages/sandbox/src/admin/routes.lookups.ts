import { Hono } from 'hono'
import { contactOf, customerProfile, personOf, profile, staffProfile } from '../people/directory.ts'
import type { Platform } from '../platform.ts'
import type { Group, GroupMember } from '../world/groups.ts'
import { bodyOf, queryOf } from './json.ts'
import { refuse } from './refusal.ts'
import {
  type Code,
  CodesQuery,
  type CodesResponse,
  type GroupDetail,
  OpenRequest,
  type WebPage,
} from './schema.lookups.ts'
import type { Contact, Person } from './schema.people.ts'

const NAMES = 3
const FIRST_MEMBERS = 100

/** Single things that the phone shows: the codes on the walls, one relation, one group. */
export function lookupRoutes(platform: Platform): Hono {
  const routes = new Hono()
  routes.get('/codes', (c) => {
    const { q = '', limit } = queryOf(c, CodesQuery)
    const needle = q.trim().toLowerCase()
    const found = codesOf(platform).filter((code) => needle === '' || wordsOf(code).includes(needle))
    found.sort((a, b) => b.createdMs - a.createdMs)
    return c.json({ codes: found.slice(0, limit), total: found.length } satisfies CodesResponse)
  })
  routes.get('/people/:id/contacts/:peer', (c) => {
    const who = personOf(platform, c.req.param('id'))
    const peer = personOf(platform, c.req.param('peer'))
    const member = who.kind === 'staff' ? who.member : peer.kind === 'staff' ? peer.member : undefined
    const customer = who.kind === 'customer' ? who.customer : peer.kind === 'customer' ? peer.customer : undefined
    const row =
      member === undefined || customer === undefined ? undefined : platform.world.relations.find(member.index, customer)
    if (row === undefined) {
      throw refuse(404, 'not_related', 'these two have never added each other', '这两个人没有添加过对方')
    }
    return c.json(contactOf(platform, row, who.kind) satisfies Contact)
  })
  routes.post('/people/:id/open', async (c) => {
    const { id } = profile(platform, personOf(platform, c.req.param('id')))
    const { url } = await bodyOf(c, OpenRequest)
    return c.json((await platform.webViews.open(id, url)) satisfies WebPage)
  })
  routes.get('/groups/:chatId', (c) => {
    const group = platform.world.groups.get(c.req.param('chatId'))
    if (group === undefined) throw refuse(404, 'group_unknown', 'there is no such group', '没有这个群')
    return c.json(groupDetail(platform, group) satisfies GroupDetail)
  })
  return routes
}

function codesOf({ world }: Platform): Code[] {
  const nameOf = (userid: string) => world.staff.find(userid)?.name ?? userid
  const departmentName = (id: number) => world.departments.get(id)?.name ?? String(id)
  const ways = [...world.codes.contactWays.values()].map(
    (way): Code => ({
      kind: 'contact_way',
      id: way.configId,
      name: way.remark,
      appKey: way.appKey,
      ...(way.state === '' ? {} : { state: way.state }),
      content: way.content,
      qr: `/qr/${way.configId}.png`,
      members: [...way.users.slice(0, NAMES).map(nameOf), ...way.parties.slice(0, NAMES).map(departmentName)],
      createdMs: way.createdAt * 1000,
    }),
  )
  const joins = [...world.codes.joinWays.values()].map(
    (way): Code => ({
      kind: 'join_way',
      id: way.configId,
      name: way.remark,
      appKey: way.appKey,
      ...(way.state === '' ? {} : { state: way.state }),
      content: way.content,
      qr: `/qr/${way.configId}.png`,
      members: way.chatIds.slice(0, NAMES).map((chatId) => world.groups.get(chatId)?.name ?? chatId),
      createdMs: way.createdAt * 1000,
    }),
  )
  const links = [...world.codes.links.values()]
    .filter((link) => !link.deleted)
    .map(
      (link): Code => ({
        kind: 'link',
        id: link.linkId,
        name: link.name,
        appKey: link.appKey,
        content: link.url,
        qr: `/qr/${link.linkId}.png`,
        members: [...link.users.slice(0, NAMES).map(nameOf), ...link.departments.slice(0, NAMES).map(departmentName)],
        createdMs: link.createdAt * 1000,
      }),
    )
  return [...ways, ...joins, ...links]
}

function wordsOf(code: Code): string {
  return [code.name, code.state ?? '', code.id, ...code.members].join('\n').toLowerCase()
}

function groupDetail(platform: Platform, group: Group): GroupDetail {
  const members = [...group.members.values()]
  const ownerFirst = (a: GroupMember, b: GroupMember) => Number(isOwner(group, b)) - Number(isOwner(group, a))
  return {
    chatId: group.chatId,
    name: group.name,
    notice: group.notice,
    owner: group.owner,
    memberCount: members.length,
    members: members
      .sort(ownerFirst)
      .slice(0, FIRST_MEMBERS)
      .flatMap((member) => memberPerson(platform, member)),
  }
}

function isOwner(group: Group, member: GroupMember): boolean {
  return 'userid' in member.who && member.who.userid === group.owner
}

function memberPerson(platform: Platform, { who }: GroupMember): Person[] {
  if ('customer' in who) return [customerProfile(platform, who.customer)]
  const member = platform.world.staff.find(who.userid)
  return member === undefined ? [] : [staffProfile(platform, member)]
}
