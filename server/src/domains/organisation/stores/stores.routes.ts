import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../infra/auth/actor.ts'
import { wholeCorp } from '../../../infra/auth/whole-corp.ts'
import type { Tx } from '../../../infra/db/database.ts'
import { AppError, notFound } from '../../../infra/errors.ts'
import {
  type Api,
  createApi,
  decodeCursor,
  errorResponses,
  jsonContent,
  page,
  pageOf,
} from '../../../infra/http/api.ts'
import { noteAudit } from '../../../infra/http/audited.ts'
import { route } from '../../../infra/http/route.ts'
import type { Services } from '../../../infra/services.ts'
import {
  newStore,
  type StoreBody,
  storeBody,
  storeFacetsView,
  storeId,
  storesQuery,
  storeView,
} from './stores.schema.ts'
import {
  findStore,
  knownForStores,
  listStores,
  mapStaffToStores,
  type Store,
  saveStores,
  setStoreClosed,
  storeFacets,
} from './stores.store.ts'
import { judgeStore, type StoreChange, type StoreRow } from './stores.ts'

const cursor = z.tuple([z.string()])
const tags = ['stores']
const json = <T extends z.ZodType>(schema: T) => ({
  body: { content: { 'application/json': { schema } }, required: true },
})
const one = (description: string) => ({ 200: jsonContent(storeView, description), ...errorResponses })

/** 门店: list, detail, make, change, close. The table in and out stands in its own file. */
export function storesRoutes({ db, clock }: Pick<Services, 'db' | 'clock'>): Api {
  const api = createApi()

  api.openapi(
    route(
      { gate: 'stores.read' },
      {
        method: 'get',
        path: '/api/stores',
        tags,
        request: { query: storesQuery },
        responses: { 200: jsonContent(pageOf(storeView), 'Stores by code'), ...errorResponses },
      },
    ),
    async (c) => {
      const { cursor: at, limit, ...filter } = c.req.valid('query')
      const after = decodeCursor(cursor, at)?.[0]
      const found = await listStores(db, c.get('actor'), filter, after, limit + 1)
      const { shown, next_cursor } = page(found, limit, (last) => [last.code])
      return c.json({ items: shown.map(presentStore), next_cursor }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'stores.read' },
      {
        method: 'get',
        path: '/api/stores/facets',
        tags,
        responses: { 200: jsonContent(storeFacetsView, 'What the list can be narrowed by'), ...errorResponses },
      },
    ),
    async (c) => {
      const facets = await storeFacets(db, c.get('actor'))
      return c.json({ ...facets, cities: [...facets.cities], regions: [...facets.regions] }, 200)
    },
  )

  api.openapi(
    route(
      { gate: 'stores.read' },
      { method: 'get', path: '/api/stores/{id}', tags, request: { params: storeId }, responses: one('The store') },
    ),
    async (c) => {
      const store = await findStore(db, c.get('actor'), c.req.valid('param').id)
      if (store === undefined) throw noStore()
      return c.json(presentStore(store), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'stores.write', audit: 'store.create' },
      {
        method: 'post',
        path: '/api/stores',
        tags,
        request: json(newStore),
        responses: { 201: jsonContent(storeView, 'Made'), ...errorResponses },
      },
    ),
    async (c) => {
      const actor = seesAllStores(c.get('actor'))
      const { code, ...body } = c.req.valid('json')
      const id = await db.transaction().execute(async (tx) => {
        const change = await judged(tx, actor.corpId, code, body)
        if (change.id !== undefined) throw codeTaken(code)
        return save(tx, actor.corpId, change)
      })
      noteAudit(c, { objectId: id, after: { code, ...body } })
      const made = await findStore(db, actor, id)
      if (made === undefined) throw noStore()
      return c.json(presentStore(made), 201)
    },
  )

  api.openapi(
    route(
      { gate: 'stores.write', audit: 'store.update' },
      {
        method: 'put',
        path: '/api/stores/{id}',
        tags,
        request: { params: storeId, ...json(storeBody) },
        responses: one('As it is now'),
      },
    ),
    async (c) => {
      const actor = c.get('actor')
      const before = await findStore(db, actor, c.req.valid('param').id)
      if (before === undefined) throw noStore()
      if (before.closedAt !== null) throw isClosed()
      const body = c.req.valid('json')
      await db.transaction().execute(async (tx) => {
        const change = await judged(tx, actor.corpId, before.code, body)
        await save(tx, actor.corpId, change)
        const side = (of: 'from' | 'to') => Object.fromEntries(change.changed.map((one) => [one.field, one[of]]))
        noteAudit(c, { objectId: before.id, before: side('from'), after: side('to') })
      })
      const after = await findStore(db, actor, before.id)
      if (after === undefined) throw noStore()
      return c.json(presentStore(after), 200)
    },
  )

  api.openapi(
    route(
      { gate: 'stores.write', audit: 'store.close' },
      {
        method: 'post',
        path: '/api/stores/{id}/close',
        tags,
        request: { params: storeId },
        responses: one('Closed: its members belong to no store, its codes raise an alarm'),
      },
    ),
    async (c) => c.json(presentStore(await setClosed(c.get('actor'), c.req.valid('param').id, true)), 200),
  )

  api.openapi(
    route(
      { gate: 'stores.write', audit: 'store.reopen' },
      {
        method: 'post',
        path: '/api/stores/{id}/reopen',
        tags,
        request: { params: storeId },
        responses: one('Open again'),
      },
    ),
    async (c) => c.json(presentStore(await setClosed(c.get('actor'), c.req.valid('param').id, false)), 200),
  )
  return api

  async function judged(tx: Tx, corpId: number, code: string, body: StoreBody): Promise<StoreChange> {
    const row = rowOf(code, body)
    const known = await knownForStores(tx, corpId, [row])
    const change = judgeStore(row, { ...known, earlier: { codes: new Set(), departments: new Map() } })
    if ('said' in change) throw new AppError('rule', { zh: `${change.said.zh}。`, en: `${change.said.en}.` })
    return change
  }

  async function save(tx: Tx, corpId: number, change: StoreChange): Promise<string> {
    const id = (await saveStores(tx, corpId, [change], clock.now())).get(change.code)
    if (id === undefined) throw new Error('saving a store answered no row')
    await mapStaffToStores(tx, corpId)
    return id
  }

  async function setClosed(actor: Parameters<typeof findStore>[1], id: string, closed: boolean): Promise<Store> {
    const store = await findStore(db, actor, id)
    if (store === undefined) throw noStore()
    await db.transaction().execute(async (tx) => {
      if (!closed && store.departmentId !== null) {
        const known = await knownForStores(tx, actor.corpId, [
          { code: store.code, departmentId: String(store.departmentId) },
        ])
        const owner = known.takenDepartments.get(store.departmentId)
        if (owner !== undefined && owner !== store.code) throw departmentTaken(store.departmentId, owner)
      }
      await setStoreClosed(tx, actor.corpId, id, closed ? clock.now() : null)
      await mapStaffToStores(tx, actor.corpId)
    })
    const after = await findStore(db, actor, id)
    if (after === undefined) throw noStore()
    return after
  }
}

/** What a form says, as a row of the table would: one judge for both. */
function rowOf(code: string, body: StoreBody): StoreRow {
  const cell = (value: string | number | null) => (value === null ? '' : String(value))
  return {
    line: 0,
    code,
    name: body.name,
    city: cell(body.city),
    region: cell(body.region),
    address: cell(body.address),
    latitude: cell(body.latitude),
    longitude: cell(body.longitude),
    openingHours: cell(body.opening_hours),
    managerUserid: cell(body.manager_userid),
    departmentId: cell(body.department_id),
  }
}

export function presentStore(store: Store): z.output<typeof storeView> {
  return {
    id: store.id,
    code: store.code,
    name: store.name,
    city: store.city,
    region: store.region,
    address: store.address,
    latitude: store.latitude,
    longitude: store.longitude,
    opening_hours: store.openingHours,
    manager_userid: store.managerUserid,
    department_id: store.departmentId,
    department_name: store.departmentName,
    manager_name: store.managerName,
    staff: store.staff,
    channels: store.channels,
    closed_at: store.closedAt?.toISOString() ?? null,
    created_at: store.createdAt.toISOString(),
  }
}

const noStore = () => notFound({ zh: '门店', en: 'store' })

export const seesAllStores = (actor: Actor): Actor =>
  wholeCorp(actor, {
    zh: '新建和导入会涉及全部门店，你只能看到其中一部分。',
    en: 'Making and importing concerns all stores; you see a part of them.',
  })

const codeTaken = (code: string) =>
  new AppError(
    'conflict',
    { zh: `门店编码「${code}」已存在。`, en: `The code ${code} exists already.` },
    { hint: { zh: '换一个编码，或打开那个门店来编辑。', en: 'Use another one, or edit that store.' } },
  )

const isClosed = () =>
  new AppError(
    'conflict',
    { zh: '这个门店已闭店，不能编辑。', en: 'This store is closed; it cannot be changed.' },
    { hint: { zh: '先点「重新开业」。', en: 'Reopen it first.' } },
  )

const departmentTaken = (id: number, owner: string) =>
  new AppError(
    'conflict',
    { zh: `部门 ${id} 现在属于门店「${owner}」。`, en: `The department ${id} belongs to the store ${owner} now.` },
    { hint: { zh: '先给那个门店换一个部门。', en: 'Give that store another department first.' } },
  )
