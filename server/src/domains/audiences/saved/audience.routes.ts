import { z } from '@hono/zod-openapi'
import { notFound } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { policiesOfAudience } from '../rules/governed.store.ts'
import { namesFor } from '../rules/names.store.ts'
import { audiencesIn } from '../rules/rule.ts'
import { words } from '../rules/words.ts'
import {
  changedMeanwhile,
  checkedRule,
  nameTaken,
  seesAll,
  stillFollowed,
  stillGoverned,
  stillRead,
  unknownAudiences,
  withoutCircle,
} from './audience.refusals.ts'
import { audienceChange, audienceDetail, audienceInput, audienceItem } from './audience.schema.ts'
import { presentAudience } from './audience.view.ts'
import { tagsFollowing, tiesOf } from './circles.store.ts'
import { computeKind, computeNow, refreshDue, scheduleAudience } from './compute.jobs.ts'
import {
  type AudienceInput,
  addAudience,
  archiveAudience,
  audiencesOf,
  changeAudience,
  findAudience,
  holdAudience,
  lockRules,
  settingsOf,
  shownOf,
  versionsOf,
} from './saved.store.ts'

export const audienceThing = { zh: '分群', en: 'audience' }
const idParam = z.object({ id: z.uuid() })
const saved = z.object({ id: z.uuid(), version: z.int(), size: z.int().nullable() })
const begun = z.object({ operation_id: z.uuid() })

/** 分群: the saved ones, made, changed and put away. */
export function savedAudienceRoutes(services: Pick<Services, 'db' | 'clock' | 'due' | 'operations'>): Api {
  const { db, clock, due, operations } = services
  const api = createApi()

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/audiences',
        tags: ['audiences'],
        responses: {
          200: jsonContent(z.object({ items: z.array(audienceItem) }), 'All of the corp, by name'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const { corpId } = seesAll(c.get('actor'))
      const all = await audiencesOf(db, corpId)
      const names = await namesFor(
        db,
        corpId,
        all.map((one) => one.rule),
      )
      const shown = await shownOf(
        db,
        all.map((one) => one.id),
        refreshDue,
      )
      const context = { names, settings: await settingsOf(db, corpId), now: clock.now() }
      return c.json({ items: all.map((one) => presentAudience(one, shown.get(one.id) ?? nothing, context)) }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'audiences.write', audit: 'audience.create' },
      {
        method: 'post',
        path: '/api/audiences',
        tags: ['audiences'],
        request: { body: jsonContent(audienceInput, 'The audience; it is computed at once') },
        responses: { 201: jsonContent(saved, 'Its id and how many are in it'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId, accountId } = seesAll(c.get('actor'))
      const { note, ...body } = c.req.valid('json')
      checkedRule(body.rule)
      const id = await db.transaction().execute(async (tx) => {
        await lockRules(tx, corpId)
        const others = await audiencesOf(tx, corpId)
        if (others.some((one) => one.name.toLowerCase() === body.name.toLowerCase())) throw nameTaken(body.name)
        unknownAudiences(audiencesIn(body.rule), new Set(others.map((one) => one.id)))
        return addAudience(tx, inputOf(body), { corpId, by: accountId, at: clock.now(), note })
      })
      // in a transaction of its own: whoever changed a fact before the audience was there has committed by now
      const report = await computeNow(services, corpId, id, 'start', `account:${accountId}`)
      await db.transaction().execute(async (tx) => {
        const audience = await holdAudience(tx, corpId, id)
        if (audience) await scheduleAudience({ clock, due }, tx, audience)
      })
      noteAudit(c, { objectId: id, after: { name: body.name, kind: body.kind, size: report?.size ?? null } })
      return c.json({ id, version: 1, size: report?.size ?? null }, 201)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/audiences/{id}',
        tags: ['audiences'],
        request: { params: idParam },
        responses: { 200: jsonContent(audienceDetail, 'With its rule and versions'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = seesAll(c.get('actor'))
      const { id } = c.req.valid('param')
      const audience = await findAudience(db, corpId, id)
      if (!audience) throw notFound(audienceThing)
      const versions = await versionsOf(db, id)
      const names = await namesFor(db, corpId, [audience.rule, ...versions.map((one) => one.rule)])
      const shown = (await shownOf(db, [id], refreshDue)).get(id) ?? nothing
      const readers = (await audiencesOf(db, corpId)).filter((one) => audiencesIn(one.rule).includes(id))
      return c.json(
        {
          ...presentAudience(audience, shown, { names, settings: await settingsOf(db, corpId), now: clock.now() }),
          ...{ rule: audience.rule, every_hours: audience.everyHours, at_minute: audience.atMinute },
          drift_percent: audience.driftPercent,
          versions: versions.map(({ version, rule, note, createdAt, by }) => ({
            ...{ version, words: words(rule, names), note, created_at: createdAt.toISOString(), by },
          })),
          used_by: readers.map(({ id, name }) => ({ id, name })),
        },
        200,
      )
    },
  )

  api.openapi(
    route(
      { gate: 'audiences.write', audit: 'audience.update' },
      {
        method: 'put',
        path: '/api/audiences/{id}',
        tags: ['audiences'],
        request: {
          params: idParam,
          body: jsonContent(audienceChange, 'As it is to be; another rule is another version'),
        },
        responses: { 200: jsonContent(saved, 'Its version and size'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId, accountId } = seesAll(c.get('actor'))
      const { id } = c.req.valid('param')
      const { note, version, ...body } = c.req.valid('json')
      checkedRule(body.rule)
      const changed = await db.transaction().execute(async (tx) => {
        await lockRules(tx, corpId)
        const before = await holdAudience(tx, corpId, id)
        if (!before) throw notFound(audienceThing)
        if (before.version !== version) throw changedMeanwhile()
        const all = await audiencesOf(tx, corpId)
        if (all.some((one) => one.id !== id && one.name.toLowerCase() === body.name.toLowerCase()))
          throw nameTaken(body.name)
        unknownAudiences(audiencesIn(body.rule), new Set(all.map((one) => one.id)))
        withoutCircle(id, body.rule, all, body.name, await tiesOf(tx, corpId))
        const other = await changeAudience(tx, before, inputOf(body), { corpId, by: accountId, at: clock.now(), note })
        noteAudit(c, {
          before: { name: before.name, kind: before.kind, version: before.version },
          after: { name: body.name, kind: body.kind, rule_changed: other },
        })
        return other || before.kind !== body.kind
      })
      if (changed) await computeNow(services, corpId, id, 'rule', `account:${accountId}`)
      const now = await db.transaction().execute(async (tx) => {
        const audience = await holdAudience(tx, corpId, id)
        if (audience) await scheduleAudience({ clock, due }, tx, audience)
        return audience
      })
      return c.json({ id, version: now?.version ?? version, size: now?.size ?? null }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'audiences.write', audit: 'audience.archive' },
      {
        method: 'delete',
        path: '/api/audiences/{id}',
        tags: ['audiences'],
        request: { params: idParam },
        responses: { 204: { description: 'Put away; its versions and history stay' }, ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId } = seesAll(c.get('actor'))
      const { id } = c.req.valid('param')
      await db.transaction().execute(async (tx) => {
        await lockRules(tx, corpId)
        const audience = await holdAudience(tx, corpId, id)
        if (!audience) throw notFound(audienceThing)
        const readers = (await audiencesOf(tx, corpId)).filter((one) => audiencesIn(one.rule).includes(id))
        if (readers.length > 0) throw stillRead(readers.map((one) => one.name))
        const tags = await tagsFollowing(tx, corpId, id)
        if (tags.length > 0) throw stillFollowed(tags)
        const policies = await policiesOfAudience(tx, corpId, id)
        if (policies.length > 0) throw stillGoverned(policies)
        await archiveAudience(tx, audience, clock.now())
        await due.unschedule(tx, refreshDue, [id])
        noteAudit(c, { before: { name: audience.name, size: audience.size } })
      })
      return c.body(null, 204)
    },
  )

  api.openapi(
    route(
      { gate: 'audiences.write', audit: 'audience.compute' },
      {
        method: 'post',
        path: '/api/audiences/{id}/compute',
        tags: ['audiences'],
        request: { params: idParam },
        responses: { 202: jsonContent(begun, 'The operation that computes it'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId, accountId } = seesAll(c.get('actor'))
      const { id } = c.req.valid('param')
      if (!(await findAudience(db, corpId, id))) throw notFound(audienceThing)
      const input = { ids: [id], cause: 'person' }
      return c.json(
        { operation_id: await operations.begin({ kind: computeKind, corpId, input, startedBy: accountId }) },
        202,
      )
    },
  )
  return api
}

const nothing = { owner: null, nextAt: null, sizes: [] }

function inputOf(body: Omit<z.output<typeof audienceInput>, 'note'>): AudienceInput {
  const { every_hours, at_minute, drift_percent, ...rest } = body
  return { ...rest, everyHours: every_hours, atMinute: at_minute, driftPercent: drift_percent }
}
