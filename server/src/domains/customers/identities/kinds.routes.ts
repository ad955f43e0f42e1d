import { z } from '@hono/zod-openapi'
import { AppError, notFound } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { lockEvidence } from '../persons/person-component.store.ts'
import { houseKinds, kindFault, mostKinds } from './identity-kinds.ts'
import { identityKind, kindChange, kindInput } from './kinds.schema.ts'
import { addKind, changeKind, declaredKinds, removeKind } from './kinds.store.ts'

const thing = { zh: '身份种类', en: 'kind of identity' }
const kindParam = z.object({ kind: z.string().max(32) })
const listed = z.object({ items: z.array(identityKind) })
const done = { 204: { description: 'Done' }, ...errorResponses }

/** 身份种类: what a person can be known by; a brand declares numbers of its own systems beside the house's. */
export function identityKindRoutes({ db, clock }: Pick<Services, 'db' | 'clock'>): Api {
  const api = createApi()

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/identity-kinds',
        tags: ['persons'],
        responses: { 200: jsonContent(listed, 'The house’s first, then the declared ones'), ...errorResponses },
      },
    ),
    async (c) => {
      const declared = await declaredKinds(db, c.get('actor').corpId)
      const own = new Set(declared.map(({ kind }) => kind))
      const house = [...houseKinds].filter(([kind]) => !own.has(kind))
      return c.json(
        {
          items: [
            ...house.map(([kind, { strong, exclusive }]) => ({
              ...{ kind, name: null, strong, exclusive, declared: false, used: true },
            })),
            ...declared.map((one) => ({ ...one, declared: true })),
          ],
        },
        200,
      )
    },
  )

  api.openapi(
    route(
      { gate: 'customers.define', audit: 'identity_kind.declare' },
      {
        method: 'post',
        path: '/api/identity-kinds',
        tags: ['persons'],
        request: { body: jsonContent(kindInput, 'The kind') },
        responses: done,
      },
    ),
    async (c) => {
      const { corpId } = c.get('actor')
      const input = c.req.valid('json')
      const fault = kindFault(input)
      if (fault) throw new AppError('rule', fault)
      if ((await declaredKinds(db, corpId)).length >= mostKinds) throw tooMany()
      if (!(await addKind(db, corpId, input))) throw declaredBefore(input.kind)
      noteAudit(c, { objectKind: 'identity_kind', objectId: input.kind, after: { ...input } })
      return c.body(null, 204)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.define', audit: 'identity_kind.change' },
      {
        method: 'put',
        path: '/api/identity-kinds/{kind}',
        tags: ['persons'],
        request: { params: kindParam, body: jsonContent(kindChange, 'Its name, and what it proves') },
        responses: done,
      },
    ),
    async (c) => {
      const { corpId } = c.get('actor')
      const { kind } = c.req.valid('param')
      const after = { kind, ...c.req.valid('json') }
      const fault = kindFault(after)
      if (fault) throw new AppError('rule', fault)
      const before = await db.transaction().execute(async (tx) => {
        await lockEvidence(tx, corpId)
        const known = (await declaredKinds(tx, corpId)).find((one) => one.kind === kind)
        if (known === undefined) throw notFound(thing)
        if (known.used && known.strong !== after.strong) throw inUse(known.name)
        await changeKind(tx, corpId, after, known, clock.now())
        return known
      })
      noteAudit(c, { objectKind: 'identity_kind', objectId: kind, before: { ...before }, after })
      return c.body(null, 204)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.define', audit: 'identity_kind.remove' },
      {
        method: 'delete',
        path: '/api/identity-kinds/{kind}',
        tags: ['persons'],
        request: { params: kindParam },
        responses: done,
      },
    ),
    async (c) => {
      const { corpId } = c.get('actor')
      const { kind } = c.req.valid('param')
      const before = await db.transaction().execute(async (tx) => {
        await lockEvidence(tx, corpId)
        const known = (await declaredKinds(tx, corpId)).find((one) => one.kind === kind)
        if (known === undefined) throw notFound(thing)
        if (known.used) throw inUse(known.name)
        await removeKind(tx, corpId, kind)
        return known
      })
      noteAudit(c, { objectKind: 'identity_kind', objectId: kind, before: { ...before } })
      return c.body(null, 204)
    },
  )
  return api
}

function tooMany(): AppError {
  return new AppError('rule', {
    zh: `最多声明 ${mostKinds} 种身份。`,
    en: `At most ${mostKinds} kinds can be declared.`,
  })
}

function declaredBefore(kind: string): AppError {
  return new AppError(
    'conflict',
    { zh: `「${kind}」已经声明过。`, en: `${kind} is declared already.` },
    { hint: { zh: '请换一个代码，或编辑已有的那一种。', en: 'Choose another code, or change the one that is there.' } },
  )
}

function inUse(name: string): AppError {
  return new AppError(
    'conflict',
    {
      zh: `已经有客户带着「${name}」，不能再删除它或改变它能否证明身份。`,
      en: `Customers are known by ${name} already: it can neither be removed nor change what it proves.`,
    },
    {
      hint: {
        zh: '请另外声明一种身份，并让来源系统改用它。',
        en: 'Declare another kind and let the system that sends it use that one.',
      },
    },
  )
}
