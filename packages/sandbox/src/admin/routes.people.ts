import { Hono } from 'hono'
import { endRelation, keyOf, write } from '../people/chatting.ts'
import { contactsOf, personOf, profile, search, type Who } from '../people/directory.ts'
import { joinByCode, leave } from '../people/groups.ts'
import { chatsOf, messagesOf } from '../people/inbox.ts'
import { accept } from '../people/meet.ts'
import { hireMember, newCustomer } from '../people/newcomers.ts'
import { addByCard, addByCode, scan } from '../people/scan.ts'
import type { Platform } from '../platform.ts'
import { customerKey, staffKey } from '../world/groups.ts'
import { bodyOf, cursorAt, positionOf, queryOf } from './json.ts'
import { refuse } from './refusal.ts'
import {
  AddRequest,
  type AddResponse,
  type ChatsResponse,
  type ContactsResponse,
  type Done,
  JoinRequest,
  type JoinResponse,
  LeaveRequest,
  type MessagesResponse,
  NewPerson,
  PeerRequest,
  PeopleQuery,
  type PeopleResponse,
  type PersonDetail,
  ScanRequest,
  type ScanResponse,
  WriteRequest,
  type WriteResponse,
} from './schema.ts'

const FIRST_CONTACTS = 100
const OK: Done = { ok: true }

/** Play anybody: look around, scan, add, write, delete, join, leave. */
export function peopleRoutes(platform: Platform): Hono {
  const routes = new Hono()
  const page = PeopleQuery.pick({ cursor: true, limit: true })

  routes.get('/people', (c) => {
    const { role, q, cursor, limit } = queryOf(c, PeopleQuery)
    const { people, next } = search(platform, { role, q, from: positionOf(cursor), limit })
    const totals = { customers: platform.world.customers.count, staff: platform.world.staff.count }
    return c.json({ people, nextCursor: cursorAt(next), totals } satisfies PeopleResponse)
  })
  routes.post('/people', async (c) => {
    const person = await bodyOf(c, NewPerson)
    const who = person.role === 'staff' ? hireMember(platform, person) : newCustomer(platform, person)
    return c.json(detail(platform, who), 201)
  })
  routes.get('/people/:id', (c) => c.json(detail(platform, personOf(platform, c.req.param('id')))))
  routes.get('/people/:id/contacts', (c) => {
    const { cursor, limit } = queryOf(c, page)
    const { contacts, next } = contactsOf(platform, personOf(platform, c.req.param('id')), positionOf(cursor), limit)
    return c.json({ contacts, nextCursor: cursorAt(next) } satisfies ContactsResponse)
  })

  routes.post('/people/:id/scan', async (c) => {
    const customer = customerBehind(platform, c.req.param('id'))
    const { content } = await bodyOf(c, ScanRequest)
    return c.json(scan(platform, customer, content) satisfies ScanResponse)
  })
  routes.post('/people/:id/add', async (c) => {
    const customer = customerBehind(platform, c.req.param('id'))
    const { content, userid, half } = await bodyOf(c, AddRequest)
    const response =
      content === undefined
        ? addByCard(platform, customer, userid ?? '', half)
        : addByCode(platform, customer, content, half)
    return c.json(response satisfies AddResponse)
  })
  routes.post('/people/:id/accept', async (c) => {
    const who = personOf(platform, c.req.param('id'))
    if (who.kind !== 'staff')
      throw refuse(409, 'not_staff', 'only a member of staff accepts', '只有员工可以通过好友请求')
    const { peer } = await bodyOf(c, PeerRequest)
    const done = accept(platform, who.member, customerBehind(platform, peer))
    if (!done)
      throw refuse(409, 'nothing_to_accept', 'there is no request or half add to accept', '没有待确认的好友请求')
    return c.json(OK)
  })
  routes.post('/people/:id/delete', async (c) => {
    const { peer } = await bodyOf(c, PeerRequest)
    endRelation(platform, personOf(platform, c.req.param('id')), peer)
    return c.json(OK)
  })
  routes.post('/people/:id/messages', async (c) => {
    const { peer, text } = await bodyOf(c, WriteRequest)
    return c.json(write(platform, personOf(platform, c.req.param('id')), peer, text) satisfies WriteResponse)
  })
  routes.post('/people/:id/join', async (c) => {
    const { content } = await bodyOf(c, JoinRequest)
    return c.json(joinByCode(platform, customerBehind(platform, c.req.param('id')), content) satisfies JoinResponse)
  })
  routes.post('/people/:id/leave', async (c) => {
    const who = personOf(platform, c.req.param('id'))
    const { chatId } = await bodyOf(c, LeaveRequest)
    leave(platform, who.kind === 'staff' ? staffKey(who.member.userid) : customerKey(who.customer), chatId)
    return c.json(OK)
  })

  routes.get('/people/:id/chats', (c) => {
    return c.json({ chats: chatsOf(platform, personOf(platform, c.req.param('id'))) } satisfies ChatsResponse)
  })
  routes.get('/people/:id/chats/:peer/messages', (c) => {
    const { cursor, limit } = queryOf(c, page)
    const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : positionOf(cursor)
    const { messages, next } = messagesOf(
      platform,
      personOf(platform, c.req.param('id')),
      c.req.param('peer'),
      before,
      limit,
    )
    return c.json({ messages, nextCursor: cursorAt(next) } satisfies MessagesResponse)
  })
  routes.post('/people/:id/read', async (c) => {
    const who = personOf(platform, c.req.param('id'))
    const { peer } = await bodyOf(c, PeerRequest)
    for (const room of platform.chats.roomsOf(keyOf(who))) {
      if (platform.chats.peerOf(room, keyOf(who)) === peer) platform.chats.read(room, keyOf(who))
    }
    return c.json(OK)
  })
  return routes
}

function detail(platform: Platform, who: Who): PersonDetail {
  const { contacts, next, total } = contactsOf(platform, who, 0, FIRST_CONTACTS)
  return { ...profile(platform, who), contacts, contactsTotal: total, nextCursor: cursorAt(next) }
}

function customerBehind(platform: Platform, id: string): number {
  const who = personOf(platform, id)
  if (who.kind === 'customer') return who.customer
  throw refuse(409, 'not_customer', `${id} is a member of staff; customers do this`, '请用客户身份操作')
}
