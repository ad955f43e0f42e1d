import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../infra/auth/actor.ts'
import type { Executor } from '../../../infra/db/database.ts'
import { AppError, notFound, type Said } from '../../../infra/errors.ts'
import { type Api, createApi, decodeCursor, errorResponses, jsonContent, page } from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { businessDay } from '../../../infra/zone.ts'
import { codesOf } from '../codes/code.store.ts'
import { corpFacts, loadDesks } from '../codes/code-desk.store.ts'
import { deskAt } from '../codes/code-desk.ts'
import { pageUrl } from '../landing/landing-address.ts'
import {
  type ChannelInput,
  channelChecksSchema,
  channelDetailSchema,
  channelInputSchema,
  channelListQuery,
  channelPageSchema,
  channelTypingSchema,
} from './channel.schema.ts'
import { setChannelStatus, updateChannel } from './channel.store.ts'
import { checkChannel, refuseFaults } from './channel-checks.ts'
import { namesOf } from './channel-names.store.ts'
import { channelGroups, channelParts, listChannels } from './channel-view.store.ts'
import { presentCode, presentDesk, presentInput, presentRow } from './channel-view.ts'
import { makeChannel, refuseStrangers } from './channel-write.ts'

const cursor = z.tuple([z.iso.datetime(), z.uuid()])
export const channelId = z.object({ id: z.uuid() })
export const channelThing: Said = { zh: '渠道', en: 'channel' }
const tags = ['channels']

/** Channel live codes: list, create, edit, stop, delete, and the checks while typing. */
export function channelRoutes(services: Services): Api {
  const api = createApi()
  const { db, clock, config } = services

  api.openapi(
    route(
      { gate: 'channels.read' },
      {
        method: 'get',
        path: '/api/channels',
        tags,
        request: { query: channelListQuery },
        responses: { 200: jsonContent(channelPageSchema, 'Newest first'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { limit, cursor: token, store_id: storeId, problem, ...filter } = c.req.valid('query')
      const { zone } = await corpFacts(db, actor.corpId)
      const now = clock.now()
      const before = decodeCursor(cursor, token)
      const rows = await listChannels(
        db,
        actor,
        { ...filter, storeId, problem: problem === 'yes', before, limit: limit + 1 },
        businessDay(now, zone),
      )
      const { shown, next_cursor } = page(rows, limit, (last) => [last.createdAt, last.id])
      return c.json(
        {
          items: shown.map((row) => presentRow(row, c.get('language'))),
          next_cursor,
          groups: [...(await channelGroups(db, actor))],
          as_of: now.toISOString(),
        },
        200,
      )
    },
  )

  api.openapi(
    route(
      { gate: 'channels.write', audit: { none: 'nothing is changed: it only says what would be' } },
      {
        method: 'post',
        path: '/api/channels/check',
        tags,
        request: { body: jsonContent(channelTypingSchema, 'What has been typed so far') },
        responses: {
          200: jsonContent(channelChecksSchema, 'What is wrong, and who would be behind it now'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const language = c.get('language')
      const input = c.req.valid('json')
      const checks = await checkChannel(db, c.get('actor').corpId, input, clock.now())
      const say = (fault: (typeof checks.errors)[number]) => ({
        field: fault.field,
        said: fault.said[language],
        mend: fault.mend[language],
      })
      const names = new Map([...checks.staff].map(([userid, facts]) => [userid, facts.name]))
      return c.json(
        {
          errors: input.members.length === 0 ? [] : checks.errors.map(say),
          warnings: checks.warnings.map(say),
          desk: presentDesk(checks.desk, names, language),
          overshoot_per_minute: overshootPerMinute(input.expected_per_day),
        },
        200,
      )
    },
  )

  api.openapi(
    route(
      { gate: 'channels.write', audit: 'channel.create' },
      {
        method: 'post',
        path: '/api/channels',
        tags,
        request: { body: jsonContent(channelInputSchema, 'The channel') },
        responses: {
          201: jsonContent(channelDetailSchema, 'Created; its code follows within seconds'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const input = c.req.valid('json')
      await admit(db, actor, input, clock.now())
      const made = await db
        .transaction()
        .execute((tx) => makeChannel(tx, actor.corpId, input, actor.accountId, clock.now()))
      noteAudit(c, { objectId: made.id, after: { ...input } })
      return c.json(await detail(actor, made.id, c.get('language')), 201)
    },
  )

  api.openapi(
    route(
      { gate: 'channels.read' },
      {
        method: 'get',
        path: '/api/channels/{id}',
        tags,
        request: { params: channelId },
        responses: { 200: jsonContent(channelDetailSchema, 'The channel'), ...errorResponses },
      },
    ),
    async (c) => c.json(await detail(c.get('actor'), c.req.valid('param').id, c.get('language')), 200),
  )

  api.openapi(
    route(
      { gate: 'channels.write', audit: 'channel.update' },
      {
        method: 'put',
        path: '/api/channels/{id}',
        tags,
        request: {
          params: channelId,
          body: jsonContent(
            z.object({ revision: z.int().min(1), input: channelInputSchema }),
            'The channel and the revision it was read at',
          ),
        },
        responses: {
          200: jsonContent(channelDetailSchema, 'Changed; the code follows within 60 s'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { id } = c.req.valid('param')
      const { revision, input } = c.req.valid('json')
      const before = await detail(actor, id, c.get('language'))
      if (before.kind !== input.kind) throw kindIsForEver()
      await admit(db, actor, input, clock.now())
      const changed = await db
        .transaction()
        .execute((tx) => updateChannel(tx, actor.corpId, id, revision, input, clock.now()))
      if (!changed) throw changedMeanwhile()
      noteAudit(c, { before: { ...before.input }, after: { ...input } })
      return c.json(await detail(actor, id, c.get('language')), 200)
    },
  )

  for (const [verb, status] of [
    ['stop', 'stopped'],
    ['start', 'active'],
  ] as const) {
    api.openapi(
      route(
        { gate: 'channels.write', audit: `channel.${verb}` },
        {
          method: 'post',
          path: `/api/channels/{id}/${verb}`,
          tags,
          request: { params: channelId },
          responses: { 200: jsonContent(channelDetailSchema, 'The channel'), ...errorResponses },
        },
      ),
      async (c) => {
        const actor = c.get('actor')
        const { id } = c.req.valid('param')
        const before = await detail(actor, id, c.get('language'))
        await setChannelStatus(db, actor.corpId, id, status, clock.now())
        noteAudit(c, { before: { status: before.status }, after: { status } })
        return c.json(await detail(actor, id, c.get('language')), 200)
      },
    )
  }

  api.openapi(
    route(
      { gate: 'channels.write', audit: 'channel.delete' },
      {
        method: 'delete',
        path: '/api/channels/{id}',
        tags,
        request: { params: channelId },
        responses: { 204: { description: 'Deleted; its code is taken away at the platform' }, ...errorResponses },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { id } = c.req.valid('param')
      const before = await detail(actor, id, c.get('language'))
      await setChannelStatus(db, actor.corpId, id, 'deleted', clock.now())
      noteAudit(c, { before: { name: before.name, state: before.state } })
      return c.body(null, 204)
    },
  )

  return api

  async function detail(actor: Actor, id: string, language: keyof Said) {
    const corp = await corpFacts(db, actor.corpId)
    const now = clock.now()
    const [row] = await listChannels(db, actor, { id, limit: 1 }, businessDay(now, corp.zone))
    const parts = await channelParts(db, actor.corpId, id)
    if (row === undefined || parts === undefined) throw notFound(channelThing)
    const [desk] = await loadDesks(db, corp, now, [id])
    if (desk === undefined) throw notFound(channelThing)
    const maxUsers = row.kind === 'link' ? corp.maxLinkUsers : corp.maxUsers
    const shown = deskAt(desk.channel, desk.facts, now, corp.zone, maxUsers)
    const codes = await codesOf(db, actor.corpId, [id])
    const names = await namesOf(db, actor.corpId, [
      ...shown.refused.map((r) => r.userid),
      ...codes.flatMap((k) => [...k.effectiveUsers, ...k.desiredUsers, k.userid]),
    ])
    return {
      ...presentRow(row, language),
      revision: parts.revision,
      input: presentInput(row, parts),
      names: {
        ...Object.fromEntries([...names].map(([userid, name]) => [`staff:${userid}`, name])),
        ...Object.fromEntries(parts.members.map((m) => [`${m.kind}:${m.ref}`, m.name ?? m.ref])),
      },
      page_url: row.kind === 'landing' ? await pageUrl(db, config, actor.corpId, row.code) : null,
      codes: codes.map((code) => presentCode(code, language)),
      desk: presentDesk(shown, names, language),
    }
  }
}

async function admit(on: Executor, actor: Actor, input: ChannelInput, at: Date): Promise<void> {
  const checks = await checkChannel(on, actor.corpId, input, at)
  refuseFaults(checks)
  await refuseStrangers(on, actor, checks.userids)
}

/** A busy hour holds an eighth of a day's adds: what may still arrive in the minute until the platform knows. */
function overshootPerMinute(expectedPerDay: number | null): number {
  return Math.ceil((expectedPerDay ?? 0) / 8 / 60)
}

function kindIsForEver(): AppError {
  return new AppError(
    'rule',
    {
      zh: '渠道的类型建好后不能改：平台不允许改码的类型。',
      en: 'The type of a channel is for ever: the platform does not let a code’s type be changed.',
    },
    { hint: { zh: '请复制为新渠道并选另一种类型。', en: 'Copy it into a new channel with another type.' } },
  )
}

function changedMeanwhile(): AppError {
  return new AppError(
    'conflict',
    { zh: '你编辑期间，别人已改过这个渠道。', en: 'Somebody changed this channel while you were editing it.' },
    {
      hint: {
        zh: '刷新看看最新内容，再改一次；你的草稿还在。',
        en: 'Reload to see the latest, then change it again; your draft is kept.',
      },
    },
  )
}
