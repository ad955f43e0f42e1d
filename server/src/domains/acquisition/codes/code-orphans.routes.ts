import { z } from '@hono/zod-openapi'
import { AppError, notFound } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { channelId } from '../channels/channel.routes.ts'
import { channelInputSchema } from '../channels/channel.schema.ts'
import { makeChannel } from '../channels/channel-write.ts'
import { remarkOf, wishHash } from './code.ts'
import { adoptConfig, findOrphan, forgetConfig, openOrphans, settleOrphan } from './code-orphans.store.ts'
import { orphansKind } from './code-orphans.ts'
import { readWay } from './code-resolve.ts'

const tags = ['channels']

const orphanSchema = z
  .object({
    id: z.string(),
    kind: z.enum(['unknown_here', 'gone_there']),
    config_id: z.string(),
    remark: z.string().nullable(),
    state: z.string().nullable(),
    users: z.array(z.string()),
    channel: z.object({ id: z.string(), name: z.string() }).nullable(),
    found_at: z.string(),
  })
  .openapi('OrphanCode')

const verbs = ['adopt', 'delete', 'rebuild'] as const

/** Codes at the platform that we do not know, and ours that the platform lost: look, adopt, delete, rebuild. */
export function codeOrphanRoutes(services: Services): Api {
  const api = createApi()
  const { db, clock, operations, platform } = services

  api.openapi(
    route(
      { gate: 'channels.read' },
      {
        method: 'get',
        path: '/api/channels/orphans',
        tags,
        responses: {
          200: jsonContent(z.object({ items: z.array(orphanSchema) }), 'The newest first'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const { corpId, scope } = c.get('actor')
      const rows = scope.kind === 'corp' ? await openOrphans(db, corpId, 500) : []
      const items = rows.map(({ id, kind, configId, detail, foundAt }) => ({
        id,
        kind,
        config_id: configId,
        remark: detail.remark ?? null,
        state: detail.state ?? null,
        users: [...(detail.users ?? [])],
        channel: detail.channelId === undefined ? null : { id: detail.channelId, name: detail.channelName ?? '' },
        found_at: foundAt.toISOString(),
      }))
      return c.json({ items }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'channels.write', audit: 'channel.find_orphans' },
      {
        method: 'post',
        path: '/api/channels/orphans',
        tags,
        responses: { 202: jsonContent(z.object({ operation_id: z.uuid() }), 'Begun'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId, accountId } = c.get('actor')
      const id = await operations.begin({ kind: orphansKind, corpId, input: {}, startedBy: accountId })
      noteAudit(c, { objectKind: 'operation', objectId: id })
      return c.json({ operation_id: id }, 202)
    },
  )

  for (const verb of verbs) {
    api.openapi(
      route(
        { gate: 'channels.write', audit: `orphan_code.${verb}` },
        {
          method: 'post',
          path: `/api/channels/orphans/{id}/${verb}`,
          tags,
          request: { params: channelId },
          responses: { 204: { description: 'Done' }, ...errorResponses },
        },
      ),
      async (c) => {
        const actor = c.get('actor')
        const orphan =
          actor.scope.kind === 'corp' ? await findOrphan(db, actor.corpId, c.req.valid('param').id) : undefined
        if (orphan === undefined || (orphan.kind === 'gone_there') !== (verb === 'rebuild')) {
          throw notFound({ zh: '待处理的码', en: 'orphaned code' })
        }
        const done = { adopt, delete: remove, rebuild }[verb]
        await done(actor.corpId, actor.accountId, orphan)
        noteAudit(c, { objectKind: 'contact_way', objectId: orphan.configId, before: { ...orphan.detail } })
        return c.body(null, 204)
      },
    )
  }
  return api

  type Found = NonNullable<Awaited<ReturnType<typeof findOrphan>>>

  async function clientOf(corpId: number) {
    const client = await platform.forCorp(corpId)
    if (client === undefined)
      throw new AppError('unavailable', { zh: '还没有接入客户联系应用。', en: 'No customer-contact app is connected.' })
    return client
  }

  async function adopt(corpId: number, accountId: string, orphan: Found): Promise<void> {
    const way = await readWay(await clientOf(corpId), orphan.configId)
    if (way === undefined) throw notFound({ zh: '平台上的码', en: 'code at the platform' })
    if (!way.printable || way.users.length === 0) throw notAdoptable()
    const taken = await db
      .selectFrom('channels')
      .select('id')
      .where('corp_id', '=', corpId)
      .where('state', '=', way.state)
      .executeTakeFirst()
    const usable = taken === undefined && /^[A-Za-z0-9_-]{1,24}$/.test(way.state)
    const input = channelInputSchema.parse({
      kind: 'qr',
      name: way.remark === '' ? `接管的码 ${orphan.configId.slice(-6)}` : way.remark,
      strategy: 'platform',
      skip_verify: way.skipVerify,
      members: way.users.map((ref) => ({ kind: 'staff', ref })),
    })
    await db.transaction().execute(async (tx) => {
      const made = await makeChannel(tx, corpId, input, accountId, clock.now(), ...(usable ? [way.state] : []))
      // a state that we cannot use is changed at the platform; the printed picture stays the same
      const hash = usable && way.remark === remarkOf(input.name) ? wishHash(way) : ''
      await adoptConfig(
        tx,
        { channelId: made.id, configId: way.configId, state: made.state, url: way.url, users: way.users, hash },
        clock.now(),
      )
      await settleOrphan(tx, orphan.id, 'adopted', clock.now())
    })
  }

  async function remove(corpId: number, _accountId: string, orphan: Found): Promise<void> {
    const client = await clientOf(corpId)
    const claim = {
      key: `code:remove-orphan:${corpId}:${orphan.configId}`,
      corpId,
      kind: 'code.remove',
      subject: orphan.configId,
    }
    await services.effects.claim(db, [claim], clock.now())
    // removing twice does no harm (41044), so a lost answer is simply asked again
    if ((await readWay(client, orphan.configId)) !== undefined)
      await client.contactWays.remove({ config_id: orphan.configId })
    await services.effects.settle(db, [{ key: claim.key, state: 'done' }], clock.now())
    await settleOrphan(db, orphan.id, 'deleted', clock.now())
  }

  async function rebuild(corpId: number, _accountId: string, orphan: Found): Promise<void> {
    await db.transaction().execute(async (tx) => {
      await forgetConfig(tx, corpId, orphan.configId, clock.now())
      await settleOrphan(tx, orphan.id, 'rebuilt', clock.now())
    })
  }
}

function notAdoptable(): AppError {
  return new AppError(
    'rule',
    {
      zh: '这个码是单人码或小程序码，平台不允许改它的类型，接管后无法换人。',
      en: 'This is a one-member or mini-program code; the platform does not let its type be changed, so its members could not be either.',
    },
    { hint: { zh: '新建渠道替换它，再删除旧码。', en: 'Make a channel in its place, then delete the old code.' } },
  )
}
