import { z } from '@hono/zod-openapi'
import { type Api, createApi, errorResponses, jsonContent } from '../../infra/http/api.ts'
import { noteAudit } from '../../infra/http/audited.ts'
import { route } from '../../infra/http/route.ts'
import type { Services } from '../../infra/services.ts'
import { type TagRule, tagRules } from './rule-tags.store.ts'
import { addTags, changeableGroup, changeNames, createGroup, remove, tryClaim } from './tag-catalogue.ts'
import { queueGroup } from './tag-facts.store.ts'
import { moveCost } from './tag-marks.ts'
import { moveKind } from './tag-move.job.ts'
import { countCarriers } from './tag-move.store.ts'
import { putKind } from './tag-put.job.ts'
import { countsOf, mayCountNow, recount } from './tag-sync.store.ts'
import { begin } from './tags.jobs.ts'
import {
  begun,
  groupChange,
  made,
  moveAsk,
  moveCostView,
  newGroup,
  newTags,
  putAsk,
  tagCatalogue,
  tagChange,
  tagOrder,
} from './tags.schema.ts'
import {
  countAtPlatform,
  findGroup,
  findTag,
  type GroupRow,
  listGroups,
  listTags,
  type TagRow,
  writeGroupRules,
} from './tags.store.ts'
import { noSuchGroup, noSuchTag, operationRuns, wholeCorpScope } from './tags.words.ts'

const byId = z.object({ id: z.string().min(1).max(128) })
const done = { 204: { description: 'Done' }, ...errorResponses }
const json = jsonContent
/** Counts older than this are counted anew when somebody looks. Business time. */
const freshMs = 3_000

type Needs = Pick<Services, 'db' | 'clock' | 'effects' | 'platform' | 'log' | 'operations' | 'due'>

/** The catalogue of tags: groups, names, order, deletion, moves; what is not ours is read-only. */
export function tagsRoutes(services: Needs): Api {
  const { db, clock, platform } = services
  const api = createApi()

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
          used: await countAtPlatform(db, corpId),
          most: limits.value('tag.max_count'),
          name_chars: limits.value('tag.name_chars'),
        },
        200,
      )
    },
  )

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
      const tag = await findTag(db, corpId, id)
      if (tag === undefined) throw noSuchTag()
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
      const tag = await findTag(db, corpId, id)
      if (tag === undefined) throw noSuchTag()
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
      const tag = await findTag(db, corpId, c.req.valid('param').id)
      if (tag === undefined) throw noSuchTag()
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
      const tag = await findTag(db, corpId, c.req.valid('param').id)
      if (tag === undefined) throw noSuchTag()
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
  return api
}

function presentGroup(
  group: GroupRow,
  tags: readonly TagRow[],
  rules: ReadonlyMap<string, TagRule>,
  counts: ReadonlyMap<string, number> | undefined,
): z.infer<typeof tagCatalogue>['groups'][number] {
  const { id, name, kind, ours, truth, exclusive, sensitive, position } = group
  return {
    ...{ id, name, kind, strategy_id: group.strategyId, ours, truth, exclusive, sensitive, position },
    at_platform: group.platformId !== null,
    tags: tags.map((tag) => ({
      ...{ id: tag.id, name: tag.name, position: tag.position, at_platform: tag.platformId !== null },
      customers: counts === undefined ? null : (counts.get(tag.id) ?? 0),
      moving: tag.moving === null ? null : { operation_id: tag.moving.operationId, to_group: tag.moving.toGroup },
      rule: presentRule(rules.get(tag.id)),
    })),
  }
}

function presentRule(
  rule: TagRule | undefined,
): z.infer<typeof tagCatalogue>['groups'][number]['tags'][number]['rule'] {
  if (rule === undefined) return null
  return {
    ...{ audience_id: rule.audienceId, audience: rule.audience, audience_kind: rule.kind, keep_days: rule.keepDays },
    followed_at: rule.followedAt?.toISOString() ?? null,
  }
}
