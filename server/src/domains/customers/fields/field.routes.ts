import { z } from '@hono/zod-openapi'
import { type Actor, seesPersonalData } from '../../../infra/auth/actor.ts'
import { AppError, notFound, type Said } from '../../../infra/errors.ts'
import { type Api, createApi, errorResponses, jsonContent } from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import { findCustomer } from '../list/customer-detail.store.ts'
import { customerFields, customField, fieldChange, fieldInput, fieldOrder, valuesInput } from './field.schema.ts'
import { addField, archiveField, changeField, fieldsOf, findField, nameTaken, orderFields } from './field.store.ts'
import { checkValue, type Field, fieldFaults, keptChoices, maskedValue } from './field.ts'
import { type KeptValue, valuesOf, writeFields } from './field-values.store.ts'

const fieldThing = { zh: '字段', en: 'field' }
const thing = { zh: '客户', en: 'customer' }
const idParam = z.object({ id: z.uuid() })
const customerParam = z.object({ id: z.coerce.number().int().positive() })
const made = z.object({ id: z.uuid() })
const listed = z.object({ items: z.array(customField) })
const done = { 204: { description: 'Done' }, ...errorResponses }

/** 自定义字段: what a brand keeps of its customers beside what the platform tells, and the values of one. */
export function fieldRoutes({ db, clock, vault }: Pick<Services, 'db' | 'clock' | 'vault'>): Api {
  const api = createApi()
  const existing = async (corpId: number, id: string): Promise<Field> => {
    const field = await findField(db, corpId, id)
    if (!field) throw notFound(fieldThing)
    return field
  }
  const allowed = async (corpId: number, field: Parameters<typeof fieldFaults>[0] & { name: string }, id?: string) => {
    const faults = fieldFaults(field)
    const [first] = faults
    if (first) throw new AppError('rule', first, { details: faults })
    if (await nameTaken(db, corpId, field.name, id)) throw taken(field.name)
  }

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/custom-fields',
        tags: ['fields'],
        responses: { 200: jsonContent(listed, 'In their order, the archived ones last'), ...errorResponses },
      },
    ),
    async (c) => c.json({ items: (await fieldsOf(db, c.get('actor').corpId)).map(present) }, 200),
  )

  api.openapi(
    route(
      { gate: 'customers.define', audit: 'field.create' },
      {
        method: 'post',
        path: '/api/custom-fields',
        tags: ['fields'],
        request: { body: jsonContent(fieldInput, 'The field; its kind and whether it is personal stay as they are') },
        responses: { 201: jsonContent(made, 'Made, as the last one'), ...errorResponses },
      },
    ),
    async (c) => {
      const { corpId, accountId } = c.get('actor')
      const field = c.req.valid('json')
      await allowed(corpId, field)
      const id = await db
        .transaction()
        .execute((tx) => addField(tx, corpId, field, { account: accountId, at: clock.now() }))
      noteAudit(c, { objectKind: 'field', objectId: id, after: { ...field } })
      return c.json({ id }, 201)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.define', audit: 'field.order' },
      {
        method: 'put',
        path: '/api/custom-fields/order',
        tags: ['fields'],
        request: { body: jsonContent(fieldOrder, 'The fields from first to last; others stay behind them') },
        responses: done,
      },
    ),
    async (c) => {
      const { ids } = c.req.valid('json')
      await orderFields(db, c.get('actor').corpId, ids)
      noteAudit(c, { objectKind: 'field', objectId: 'order', after: { ids } })
      return c.body(null, 204)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.define', audit: 'field.update' },
      {
        method: 'put',
        path: '/api/custom-fields/{id}',
        tags: ['fields'],
        request: {
          params: idParam,
          body: jsonContent(fieldChange, 'Choices that are left out are archived, never lost'),
        },
        responses: done,
      },
    ),
    async (c) => {
      const { corpId } = c.get('actor')
      const { id } = c.req.valid('param')
      const before = await existing(corpId, id)
      const { choices, ...rest } = c.req.valid('json')
      const after = { ...rest, choices: keptChoices(before.choices, choices) }
      await allowed(corpId, { ...after, kind: before.kind }, id)
      await changeField(db, corpId, id, after)
      const { name, bounds } = before
      noteAudit(c, { objectKind: 'field', objectId: id, before: { name, bounds, choices: before.choices }, after })
      return c.body(null, 204)
    },
  )

  for (const [verb, at] of [
    ['archive', () => clock.now()],
    ['restore', () => null],
  ] as const) {
    api.openapi(
      route(
        { gate: 'customers.define', audit: `field.${verb}` },
        {
          method: 'post',
          path: `/api/custom-fields/{id}/${verb}`,
          tags: ['fields'],
          request: { params: idParam },
          responses: done,
        },
      ),
      async (c) => {
        const { corpId } = c.get('actor')
        const { id } = idParam.parse(c.req.param())
        const field = await existing(corpId, id)
        if (verb === 'restore' && (await nameTaken(db, corpId, field.name, id))) throw taken(field.name)
        await archiveField(db, corpId, id, at())
        noteAudit(c, { objectKind: 'field', objectId: id, after: { name: field.name } })
        return c.body(null, 204)
      },
    )
  }

  api.openapi(
    route(
      { gate: 'customers.read' },
      {
        method: 'get',
        path: '/api/customers/{id}/fields',
        tags: ['fields'],
        request: { params: customerParam },
        responses: {
          200: jsonContent(customerFields, 'Every field in use with the value of the person'),
          ...errorResponses,
        },
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const head = await findCustomer(db, actor, c.req.valid('param').id)
      if (head === undefined) throw notFound(thing)
      const values = await valuesOf(db, actor.corpId, head.id, vault)
      const fields = (await fieldsOf(db, actor.corpId)).filter((field) => field.archivedAt === null)
      return c.json({ items: fields.map((field) => presentValue(actor, field, values.get(field.id))) }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'customers.write', audit: 'customer.fields' },
      {
        method: 'put',
        path: '/api/customers/{id}/fields',
        tags: ['fields'],
        request: { params: customerParam, body: jsonContent(valuesInput, 'Values by field') },
        responses: done,
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const head = await findCustomer(db, actor, c.req.valid('param').id)
      if (head === undefined) throw notFound(thing)
      const fields = new Map((await fieldsOf(db, actor.corpId)).map((field) => [field.id, field]))
      const kept = await valuesOf(db, actor.corpId, head.id, vault)
      const changes = Object.entries(c.req.valid('json').values).map(([id, given]) => {
        const field = fields.get(id)
        if (!field || field.archivedAt) throw notFound(fieldThing)
        if (field.personal && !seesPersonalData(actor)) throw hidden(field)
        if (given === null) return { field, value: null }
        const checked = checkValue(field, given, kept.get(id)?.value)
        if ('fault' in checked) throw refused(field, checked.fault)
        return { field, value: checked.value }
      })
      const by = { account: actor.accountId, source: 'person', at: clock.now() }
      await db.transaction().execute((tx) => writeFields(tx, actor.corpId, head.id, changes, vault, by))
      // which fields, never what they say: it may be personal
      noteAudit(c, {
        ...{ objectKind: 'customer', objectId: String(head.id) },
        after: {
          fields: changes.map(({ field, value }) => ({ id: field.id, name: field.name, cleared: value === null })),
        },
      })
      return c.body(null, 204)
    },
  )
  return api
}

function present({ archivedAt, ...field }: Field): z.infer<typeof customField> {
  return { ...field, choices: [...field.choices], archived_at: archivedAt?.toISOString() ?? null }
}

function presentValue(actor: Actor, field: Field, kept: KeptValue | undefined) {
  const value = kept?.value ?? null
  const hides = field.personal && !seesPersonalData(actor)
  return {
    ...present(field),
    value: hides && value !== null ? maskedValue(value) : value,
    ...{ masked: hides && value !== null, editable: !hides },
    updated_at: value === null ? null : (kept?.updatedAt.toISOString() ?? null),
    source: value === null ? null : (kept?.source ?? null),
  }
}

function taken(name: string): AppError {
  return new AppError(
    'conflict',
    { zh: `已经有一个叫“${name}”的字段。`, en: `There is a field called “${name}” already.` },
    { hint: { zh: '请换一个名字，或修改已有的字段。', en: 'Choose another name, or change that field.' } },
  )
}

function refused({ id, name }: Field, { zh, en }: Said): AppError {
  return new AppError('rule', { zh: `“${name}”${zh}。`, en: `“${name}”: ${en}.` }, { details: { field: id } })
}

function hidden({ id, name }: Field): AppError {
  return new AppError(
    'forbidden',
    {
      zh: `“${name}”是个人信息，你的角色看不到，也不能修改。`,
      en: `“${name}” is personal data that your role neither sees nor changes.`,
    },
    {
      hint: { zh: '请由服务这位客户的导购、店长或管理员修改。', en: 'Ask a guide, store manager or administrator.' },
      details: { field: id },
    },
  )
}
