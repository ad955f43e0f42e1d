import { z } from '@hono/zod-openapi'
import { type Api, createApi, errorResponses, jsonContent as json } from '../../infra/http/api.ts'
import { noteAudit } from '../../infra/http/audited.ts'
import { route } from '../../infra/http/route.ts'
import { addTags, changeableGroup, changeNames, createGroup, remove } from './tag-catalogue.ts'
import { queueGroup } from './tag-facts.store.ts'
import { type CatalogueNeeds, tryClaim } from './tag-platform.ts'
import { byId, done, groupChange, made, newGroup, newTags } from './tags.schema.ts'
import { findGroup, writeGroupRules } from './tags.store.ts'
import { noSuchGroup, wholeCorpScope } from './tags.words.ts'

/** Groups of tags: made, named, ruled and deleted, and tags added to them. */
export function tagGroupsRoutes(services: CatalogueNeeds): Api {
  const { db } = services
  const api = createApi()

  api.openapi(
    route(
      { gate: 'tags.write', audit: 'tag.create' },
      {
        method: 'post',
        path: '/api/tag-groups',
        tags: ['tags'],
        request: { body: json(newGroup, 'A group with its first tags: a group is never empty') },
        responses: { 201: json(made, 'The group'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = wholeCorpScope(c.get('actor'))
      const { strategy_id, ...wish } = c.req.valid('json')
      const id = await createGroup(services, actor.corpId, { ...wish, strategyId: strategy_id })
      noteAudit(c, {
        objectKind: 'tag',
        objectId: id,
        after: { group: wish.name, kind: wish.kind },
        count: wish.tags.length,
      })
      return c.json({ id }, 201)
    },
  )

  api.openapi(
    route(
      { gate: 'tags.write', audit: 'tag.update' },
      {
        method: 'patch',
        path: '/api/tag-groups/{id}',
        tags: ['tags'],
        request: { params: byId, body: json(groupChange, 'Its name and rules') },
        responses: done,
      },
    ),
    async (c) => {
      const { corpId } = wholeCorpScope(c.get('actor'))
      const { id } = c.req.valid('param')
      const { name, ...rules } = c.req.valid('json')
      const group = await findGroup(db, corpId, id)
      if (group === undefined) throw noSuchGroup()
      if (name !== undefined && name !== group.name) await changeNames(services, corpId, [{ of: 'group', id, name }])
      // whose hand wins on marks, and what may be inferred, is ours to say of others' groups too
      const next = {
        exclusive: rules.exclusive ?? group.exclusive,
        sensitive: rules.sensitive ?? group.sensitive,
        truth: rules.truth ?? group.truth,
      }
      await db.transaction().execute(async (tx) => {
        await writeGroupRules(tx, corpId, id, next)
        await queueGroup(tx, corpId, id, new Date())
      })
      noteAudit(c, {
        objectKind: 'tag',
        before: { name: group.name, exclusive: group.exclusive, sensitive: group.sensitive, truth: group.truth },
        after: { name: name ?? group.name, ...next },
      })
      return c.body(null, 204)
    },
  )

  api.openapi(
    route(
      { gate: 'tags.write', audit: 'tag.delete' },
      { method: 'delete', path: '/api/tag-groups/{id}', tags: ['tags'], request: { params: byId }, responses: done },
    ),
    async (c) => {
      const { corpId } = wholeCorpScope(c.get('actor'))
      const { id } = c.req.valid('param')
      const { name } = await changeableGroup(services, corpId, id)
      await remove(services, corpId, 'group', id)
      noteAudit(c, { objectKind: 'tag', before: { group: name } })
      return c.body(null, 204)
    },
  )

  api.openapi(
    route(
      { gate: 'tags.write', audit: 'tag.adopt' },
      {
        method: 'post',
        path: '/api/tag-groups/{id}/claim',
        tags: ['tags'],
        request: { params: byId },
        responses: {
          200: json(z.object({ ours: z.boolean() }), 'Whether the platform lets our app change it'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const { corpId } = wholeCorpScope(c.get('actor'))
      const { id } = c.req.valid('param')
      const ours = await tryClaim(services, corpId, id)
      noteAudit(c, { objectKind: 'tag', after: { ours } })
      return c.json({ ours }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'tags.write', audit: 'tag.create' },
      {
        method: 'post',
        path: '/api/tag-groups/{id}/tags',
        tags: ['tags'],
        request: { params: byId, body: json(newTags, 'Names') },
        responses: { 201: json(z.object({ ids: z.array(z.string()) }), 'The tags'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = wholeCorpScope(c.get('actor'))
      const { names } = c.req.valid('json')
      const ids = await addTags(services, corpId, c.req.valid('param').id, names)
      noteAudit(c, { objectKind: 'tag', after: { tags: names }, count: names.length })
      return c.json({ ids: [...ids] }, 201)
    },
  )
  return api
}
