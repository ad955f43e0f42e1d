import { z } from '@hono/zod-openapi'
import { wholeCorp } from '../../../infra/auth/whole-corp.ts'
import { notFound } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { forWholeCorp, senderSetThing, setInUse, setNameTaken, unknownMembers } from './campaign.words.ts'
import { setInput, setView } from './campaigns.schema.ts'
import {
  addSenderSet,
  changeSenderSet,
  deleteSenderSet,
  type SenderSet,
  senderSets,
  unknownUserids,
} from './sender-sets.store.ts'

const tags = ['sender sets']
const params = z.object({ id: z.uuid() })
const one = (what: string) => ({ 200: jsonContent(setView, what), ...errorResponses })

/** 发送账号组: members that may send, such as 「新人组 40 号」. */
export function senderSetRoutes({ db, clock }: Pick<Services, 'db' | 'clock'>): Api {
  const api = createApi()
  const shown = async (corpId: number, id: string) => {
    const [set] = await senderSets(db, corpId, id)
    if (set === undefined) throw notFound(senderSetThing)
    return present(set)
  }
  const given = async (corpId: number, { name, userids, manager_userid: manager }: z.output<typeof setInput>) => {
    const unique = [...new Set(userids)]
    const unknown = await unknownUserids(db, corpId, manager === null ? unique : [...unique, manager])
    if (unknown.length > 0) throw unknownMembers(unknown)
    return { name, userids: unique, managerUserid: manager }
  }

  api.openapi(
    route(
      { gate: 'campaigns.read' },
      {
        method: 'get',
        path: '/api/sender-sets',
        tags,
        responses: { 200: jsonContent(z.object({ items: z.array(setView) }), 'By name'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = wholeCorp(c.get('actor'), forWholeCorp)
      return c.json({ items: (await senderSets(db, corpId)).map(present) }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.write', audit: 'sender_set.create' },
      {
        method: 'post',
        path: '/api/sender-sets',
        tags,
        request: { body: jsonContent(setInput, 'Its name and members') },
        responses: { 201: jsonContent(setView, 'The set'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = wholeCorp(c.get('actor'), forWholeCorp)
      const set = { corpId, ...(await given(corpId, c.req.valid('json'))) }
      const { name } = set
      const id = await addSenderSet(db, set, clock.now())
      if (id === undefined) throw setNameTaken(name)
      noteAudit(c, { objectId: id, after: { name, members: set.userids.length, manager: set.managerUserid } })
      return c.json(await shown(corpId, id), 201)
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.write', audit: 'sender_set.update' },
      {
        method: 'put',
        path: '/api/sender-sets/{id}',
        tags,
        request: { params, body: jsonContent(setInput, 'As it is to be') },
        responses: one('The set; runs that are planned already keep their senders'),
      },
    ),
    async (c) => {
      const { corpId } = wholeCorp(c.get('actor'), forWholeCorp)
      const { id } = c.req.valid('param')
      const before = await shown(corpId, id)
      const set = await given(corpId, c.req.valid('json'))
      const { name } = set
      const became = await changeSenderSet(db, corpId, id, set, clock.now())
      if (became === 'taken') throw setNameTaken(name)
      noteAudit(c, {
        before: { name: before.name, members: before.userids.length, manager: before.manager_userid },
        after: { name, members: set.userids.length, manager: set.managerUserid },
      })
      return c.json(await shown(corpId, id), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'campaigns.write', audit: 'sender_set.delete' },
      {
        method: 'delete',
        path: '/api/sender-sets/{id}',
        tags,
        request: { params },
        responses: { 204: { description: 'The set is gone' }, ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = wholeCorp(c.get('actor'), forWholeCorp)
      const { id } = c.req.valid('param')
      const before = await shown(corpId, id)
      if (before.used_by > 0) throw setInUse(before.used_by)
      await deleteSenderSet(db, corpId, id)
      noteAudit(c, { before: { name: before.name, members: before.userids.length } })
      return c.body(null, 204)
    },
  )
  return api
}

function present({ usedBy, changedAt, userids, managerUserid, ...set }: SenderSet): z.output<typeof setView> {
  const changed_at = changedAt.toISOString()
  return { ...set, userids: [...userids], manager_userid: managerUserid, used_by: usedBy, changed_at }
}
