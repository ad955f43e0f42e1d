import { type Api, createApi, errorResponses, jsonContent as json } from '../../infra/http/api.ts'
import { noteAudit } from '../../infra/http/audited.ts'
import { route } from '../../infra/http/route.ts'
import type { Services } from '../../infra/services.ts'
import { tagRules } from './rule-tags.store.ts'
import { changeableGroup, changeNames, remove } from './tag-catalogue.ts'
import { tagGroupsRoutes } from './tag-groups.routes.ts'
import { moveCost } from './tag-marks.ts'
import { moveKind } from './tag-move.job.ts'
import { countCarriers } from './tag-move.store.ts'
import { putKind } from './tag-put.job.ts'
import { countsOf, mayCountNow, recount } from './tag-sync.store.ts'
import { begin } from './tags.jobs.ts'
import { begun, byId, done, moveAsk, moveCostView, putAsk, tagCatalogue, tagChange, tagOrder } from './tags.schema.ts'
import { findTag, listGroups, listTags, type TagRow, tagsAtPlatform } from './tags.store.ts'
import { presentGroup } from './tags.view.ts'
import { noSuchTag, operationRuns, wholeCorpScope } from './tags.words.ts'

/** Counts older than this are counted anew when somebody looks. Business time. */
const freshMs = 3_000

type Needs = Pick<Services, 'db' | 'clock' | 'effects' | 'platform' | 'log' | 'operations' | 'due'>

/** The catalogue of tags: groups, names, order, deletion, moves; what is not ours is read-only. */
export function tagsRoutes(services: Needs): Api {
  const { db, clock, platform } = services
  const api = createApi()
  const tagOf = async (corpId: number, id: string): Promise<TagRow> => {
    const tag = await findTag(db, corpId, id)
    if (tag === undefined) throw noSuchTag()
    return tag
  }

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/tags',
        tags: ['tags'],
        responses: { 200: json(tagCatalogue, 'All groups with their tags'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { corpId } = actor
      const limits = await platform.limits(corpId)
      const whole = actor.scope.kind === 'corp'
      let counts = await countsOf(db, corpId)
      const isOld = counts.countedAt === null || clock.now().getTime() - counts.countedAt.getTime() > freshMs
      if (whole && isOld && (await mayCountNow(db))) {
        await db.transaction().execute((tx) => recount(tx, corpId, clock.now()))
        counts = await countsOf(db, corpId)
      }
      const groups = await listGroups(db, corpId)
      const rules = new Map((await tagRules(db, corpId)).map((rule) => [rule.tagId, rule]))
      const tags = Map.groupBy(await listTags(db, corpId), (tag) => tag.groupId)
      return c.json(
        {
          groups: groups.map((group) =>
            presentGroup(group, tags.get(group.id) ?? [], rules, whole ? counts.customers : undefined),
          ),
          counted_at: counts.countedAt?.toISOString() ?? null,
          used: await tagsAtPlatform(db, corpId),
          most: limits.value('tag.max_count'),
          name_chars: limits.value('tag.name_chars'),
        },
        200,
      )
    },
  )

  for (const [path, of] of [
    ['/api/tag-groups/order', 'group'],
    ['/api/tags/order', 'tag'],
  ] as const)
    api.openapi(
      route(
        { gate: 'tags.write', audit: 'tag.order' },
        {
          method: 'post',
          path,
          tags: ['tags'],
          request: { body: json(tagOrder, 'Only those of ours are named') },
          responses: done,
        },
      ),
      async (c) => {
        const { corpId } = wholeCorpScope(c.get('actor'))
        const { ids } = c.req.valid('json')
        const rows: readonly { id: string; position: number }[] =
          of === 'group' ? await listGroups(db, corpId) : await listTags(db, corpId)
        const standing = new Map(rows.map((row) => [row.id, row.position]))
        // the platform puts the larger first
        const changes = ids
          .map((id, at) => ({ of, id, position: ids.length - at }))
          .filter((one) => standing.get(one.id) !== one.position)
        await changeNames(services, corpId, changes)
        noteAudit(c, { objectKind: 'tag', count: changes.length })
        return c.body(null, 204)
      },
    )

  api.openapi(
    route(
      { gate: 'tags.write', audit: 'tag.update' },
      {
        method: 'patch',
        path: '/api/tags/{id}',
        tags: ['tags'],
        request: { params: byId, body: json(tagChange, 'Its name') },
        responses: done,
      },
    ),
    async (c) => {
      const { corpId } = wholeCorpScope(c.get('actor'))
      const { id } = c.req.valid('param')
      const tag = await tagOf(corpId, id)
      const { name } = c.req.valid('json')
      await changeNames(services, corpId, [{ of: 'tag', id, name }])
      noteAudit(c, { objectKind: 'tag', before: { name: tag.name }, after: { name } })
      return c.body(null, 204)
    },
  )

  api.openapi(
    route(
      { gate: 'tags.write', audit: 'tag.delete' },
      { method: 'delete', path: '/api/tags/{id}', tags: ['tags'], request: { params: byId }, responses: done },
    ),
    async (c) => {
      const { corpId } = wholeCorpScope(c.get('actor'))
      const { id } = c.req.valid('param')
      const tag = await tagOf(corpId, id)
      await remove(services, corpId, 'tag', id)
      noteAudit(c, { objectKind: 'tag', before: { name: tag.name } })
      return c.body(null, 204)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/tags/{id}/move-cost',
        tags: ['tags'],
        request: { params: byId },
        responses: { 200: json(moveCostView, 'What moving it to another group takes'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = wholeCorpScope(c.get('actor'))
      const tag = await tagOf(corpId, c.req.valid('param').id)
      const limits = await platform.limits(corpId)
      const marks = tag.platformId === null ? 0 : await countCarriers(db, corpId, tag.platformId)
      const rivals = (await listTags(db, corpId)).filter((one) => one.groupId === tag.groupId && one.id !== tag.id)
      const pace = { perMinute: limits.value('api.corp_per_minute'), perHour: limits.value('api.corp_per_hour') }
      return c.json({ ...moveCost(marks, pace), empties_group: tag.platformId !== null && rivals.length === 0 }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'tags.write', audit: 'tag.move' },
      {
        method: 'post',
        path: '/api/tags/{id}/move',
        tags: ['tags'],
        request: { params: byId, body: json(moveAsk, 'To which group; begun again it goes on, undone it goes back') },
        responses: { 202: json(begun, 'Begun'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId, accountId } = wholeCorpScope(c.get('actor'))
      const tag = await tagOf(corpId, c.req.valid('param').id)
      const { to_group: toGroup, undo } = c.req.valid('json')
      await changeableGroup(services, corpId, tag.groupId)
      await changeableGroup(services, corpId, toGroup)
      const id = await db
        .transaction()
        .execute((tx) => begin(services, tx, corpId, moveKind, { tagId: tag.id, toGroup, undo }, accountId))
      if (id === undefined) throw operationRuns()
      noteAudit(c, {
        objectKind: 'tag',
        objectId: tag.id,
        before: { group: tag.groupId },
        after: { group: toGroup, undo },
      })
      return c.json({ operation_id: id }, 202)
    },
  )

  api.openapi(
    route(
      { gate: 'tags.write', audit: 'tag.put' },
      {
        method: 'post',
        path: '/api/tags/put',
        tags: ['tags'],
        request: { body: json(putAsk, 'Many persons at once, as an operation') },
        responses: { 202: json(begun, 'Begun'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId, accountId } = wholeCorpScope(c.get('actor'))
      const { tag_ids: tagIds, says, with_tag, customers } = c.req.valid('json')
      const known = new Set((await listTags(db, corpId)).map((tag) => tag.id))
      if ([...tagIds, ...(with_tag === undefined ? [] : [with_tag])].some((one) => !known.has(one))) throw noSuchTag()
      const who = customers !== undefined ? { customers } : { tag: with_tag ?? tagIds[0] ?? '' }
      const input = { tagIds, says, who, by: accountId }
      const id = await services.operations.begin({ kind: putKind, corpId, input, startedBy: accountId })
      noteAudit(c, {
        ...{ objectKind: 'operation', objectId: id, after: { says, tags: tagIds, with_tag: with_tag ?? null } },
        ...(customers === undefined ? {} : { count: customers.length }),
      })
      return c.json({ operation_id: id }, 202)
    },
  )
  api.route('/', tagGroupsRoutes(services))
  return api
}
