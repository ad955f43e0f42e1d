import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../infra/auth/actor.ts'
import { wholeCorp } from '../../../infra/auth/whole-corp.ts'
import type { Tx } from '../../../infra/db/database.ts'
import { AppError, notFound } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { findAudience } from '../../audiences/index.ts'
import { changedMeanwhile, everybodyTaken, forWholeCorp, nameTaken, unknownAudience } from './governor.words.ts'
import {
  addPolicy,
  addVersion,
  lockPolicies,
  policiesAt,
  policyName,
  type StandingPolicy,
  turnPolicy,
  versionsOf,
} from './policies.store.ts'
import { type Policy, policyInput, policyVersion, policyView, returnInput, versionInput } from './policy.schema.ts'
import { policyFault } from './policy.ts'

const tags = ['governor']
const thing = { zh: '触达策略', en: 'touch policy' }
const params = z.object({ id: z.uuid() })
const list = {
  200: jsonContent(z.object({ items: z.array(policyView) }), 'The policies that count now'),
  ...errorResponses,
}

/** 触达策略: what counts, its versions, a new one, another version, back to an older one, its end. */
export function policyRoutes({ db, clock }: Pick<Services, 'db' | 'clock'>): Api {
  const api = createApi()
  const standing = async (corpId: number) => ({ items: (await policiesAt(db, corpId, clock.now())).map(present) })
  const by = (actor: Actor) => ({ account: actor.accountId, at: clock.now() })

  /** Changes the policies of a corp, one after the other. */
  const change = async <T>(
    actor: Actor,
    work: (tx: Tx, others: readonly StandingPolicy[]) => Promise<T>,
  ): Promise<T> => {
    wholeCorp(actor, forWholeCorp)
    return db.transaction().execute(async (tx) => {
      await lockPolicies(tx, actor.corpId)
      return work(tx, await policiesAt(tx, actor.corpId, clock.now()))
    })
  }
  const judge = async (tx: Tx, corpId: number, rules: Policy, others: readonly StandingPolicy[]): Promise<void> => {
    const fault = policyFault(rules)
    if (fault) throw new AppError('rule', fault)
    const everybodys = others.find((one) => one.rules.whom === null)
    if (rules.whom === null && everybodys) throw everybodyTaken(everybodys.name)
    if (rules.whom?.is === 'audience' && (await findAudience(tx, corpId, rules.whom.id)) === undefined)
      throw unknownAudience()
  }

  api.openapi(
    route({ gate: 'governor.read' }, { method: 'get', path: '/api/governor/policies', tags, responses: list }),
    async (c) => c.json(await standing(c.get('actor').corpId), 200),
  )

  api.openapi(
    route(
      { gate: 'governor.read' },
      {
        method: 'get',
        path: '/api/governor/policies/{id}/versions',
        tags,
        request: { params },
        responses: {
          200: jsonContent(z.object({ items: z.array(policyVersion) }), 'The latest first'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const versions = await versionsOf(db, c.get('actor').corpId, c.req.valid('param').id)
      if (versions.length === 0) throw notFound(thing)
      const items = versions.map(({ createdAt, ...one }) => ({ ...one, created_at: createdAt.toISOString() }))
      return c.json({ items }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'governor.write', audit: 'touch_policy.create' },
      {
        method: 'post',
        path: '/api/governor/policies',
        tags,
        request: { body: jsonContent(policyInput, 'Counts from now on') },
        responses: list,
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { name, ...given } = c.req.valid('json')
      const id = await change(actor, async (tx, others) => {
        if (others.some((one) => one.name === name)) throw nameTaken(name)
        await judge(tx, actor.corpId, given.rules, others)
        return addPolicy(tx, actor.corpId, name, given, by(actor))
      })
      noteAudit(c, { objectId: id, after: { name, ...given } })
      return c.json(await standing(actor.corpId), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'governor.write', audit: 'touch_policy.update' },
      {
        method: 'post',
        path: '/api/governor/policies/{id}/versions',
        tags,
        request: { params, body: jsonContent(versionInput, 'Counts from now on; the one before stays in the history') },
        responses: list,
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { id } = c.req.valid('param')
      const { after, ...given } = c.req.valid('json')
      await change(actor, async (tx, all) => {
        const before = all.find((one) => one.id === id)
        if (before === undefined) throw notFound(thing)
        await judge(
          tx,
          actor.corpId,
          given.rules,
          all.filter((one) => one.id !== id),
        )
        const version = await addVersion(tx, id, after, given, by(actor))
        if (version === undefined) throw changedMeanwhile()
        noteAudit(c, { before: { version: before.version, rules: before.rules }, after: { version, ...given } })
      })
      return c.json(await standing(actor.corpId), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'governor.write', audit: 'touch_policy.return' },
      {
        method: 'post',
        path: '/api/governor/policies/{id}/return',
        tags,
        request: { params, body: jsonContent(returnInput, 'The version that is to count again') },
        responses: list,
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { id } = c.req.valid('param')
      const { version } = c.req.valid('json')
      await change(actor, async (tx, all) => {
        const before = all.find((one) => one.id === id)
        const wanted = (await versionsOf(tx, actor.corpId, id)).find((one) => one.version === version)
        const name = await policyName(tx, actor.corpId, id)
        if (wanted === undefined || name === undefined) throw notFound(thing)
        // another may have taken its name since it ended
        if (all.some((one) => one.id !== id && one.name === name)) throw nameTaken(name)
        await judge(
          tx,
          actor.corpId,
          wanted.rules,
          all.filter((one) => one.id !== id),
        )
        await turnPolicy(tx, id, version, by(actor))
        noteAudit(c, { before: { version: before?.version ?? null }, after: { version } })
      })
      return c.json(await standing(actor.corpId), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'governor.write', audit: 'touch_policy.close' },
      {
        method: 'post',
        path: '/api/governor/policies/{id}/close',
        tags,
        request: { params },
        responses: list,
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const { id } = c.req.valid('param')
      await change(actor, async (tx, all) => {
        const before = all.find((one) => one.id === id)
        if (before === undefined) throw notFound(thing)
        await turnPolicy(tx, id, null, by(actor))
        noteAudit(c, { before: { name: before.name, version: before.version } })
      })
      return c.json(await standing(actor.corpId), 200)
    },
  )
  return api
}

function present({ since, ...policy }: StandingPolicy): z.output<typeof policyView> {
  return { ...policy, since: since.toISOString() }
}
