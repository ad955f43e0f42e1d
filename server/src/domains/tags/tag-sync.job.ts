import type { Client } from '@nuanyu/wecom'
import { z } from 'zod'
import type { OperationRun } from '../../infra/operations/operations.ts'
import type { Services } from '../../infra/services.ts'
import { inWords } from '../customers/index.ts'
import { readAndAdopt } from './tag-adopt.ts'
import { makeCalls } from './tag-calls.ts'
import { type Difference, differences } from './tag-diff.ts'
import { dropTodos, recordFacts, takePersons } from './tag-facts.store.ts'
import { takeCalls, writeMarks } from './tag-marks.store.ts'
import { carriersAsFacts, forgetMarks, queueTagged, takeReverse } from './tag-move.store.ts'
import { type CatalogueNeeds, clientOf, editAtPlatform, makeAtPlatform, removeAtPlatform } from './tag-platform.ts'
import {
  changesToUndo,
  countChanges,
  countMarks,
  disagree,
  type Found,
  forgetWords,
  insertChanges,
  type MarkDifference,
  markDifferences,
  noteChecked,
  noteUndone,
  queueMismatches,
  recount,
  type SyncChange,
} from './tag-sync.store.ts'
import { workOut } from './tag-work.ts'
import {
  findGroup,
  listTags,
  ourCatalogue,
  removeFromCatalogue,
  restore,
  theirCatalogue,
  unlink,
  writeBases,
  writeNames,
} from './tags.store.ts'

export const checkKind = 'tags.check'
export const syncKind = 'tags.sync'
export const undoKind = 'tags.undo'

const markKeyShape = z.object({ customerId: z.int(), userid: z.string(), tagId: z.string() })
export const syncInput = z.object({
  /** Differences of the catalogue by their keys; undefined: all. */
  keys: z.array(z.string()).optional(),
  marks: z.array(markKeyShape).optional(),
  /** Against the rule: this side wins. */
  winner: z.enum(['ours', 'wecom']).optional(),
})
export const undoInput = z.object({ of: z.uuid() })

const chunk = 500
const leaseMs = 120_000

type Needs = CatalogueNeeds & Pick<Services, 'due'>

export async function currentDifferences({ db }: Pick<Services, 'db'>, corpId: number): Promise<readonly Difference[]> {
  return differences(await ourCatalogue(db, corpId), await theirCatalogue(db, corpId))
}

/** Reads the platform's tags, works out everybody whose relations do not show what they should, and counts what differs. */
export async function runCheck(services: Needs, run: OperationRun<unknown>): Promise<Found> {
  const { db, clock } = services
  const { corpId } = run
  try {
    const client = await clientOf(services, corpId)
    await readAndAdopt(services, corpId, client)
    await makePending(services, corpId, client)
    let left = await queueMismatches(db, corpId, new Date(0))
    await run.progress({ done: 0, total: left })
    for (let done = 0; ; ) {
      const worked = await workSome(services, corpId)
      if (worked === 0) break
      done += worked
      left = Math.max(left, done)
      await run.progress({ done, total: left })
    }
    const found = { catalogue: (await currentDifferences(services, corpId)).length, ...(await countMarks(db, corpId)) }
    await db.transaction().execute((tx) => recount(tx, corpId, clock.now()))
    await noteChecked(db, corpId, found, clock.now())
    return found
  } catch (error) {
    throw inWords(error)
  }
}

/** What was begun and never reached the platform. */
async function makePending(services: Needs, corpId: number, client: Client): Promise<void> {
  const pending = Map.groupBy(
    (await listTags(services.db, corpId)).filter((tag) => tag.platformId === null),
    (tag) => tag.groupId,
  )
  for (const [groupId, tags] of pending) {
    const group = await findGroup(services.db, corpId, groupId)
    if (group !== undefined && group.kind !== 'own') await makeAtPlatform(services, corpId, client, { group, tags })
  }
}

/** Works out some of those who wait; answers how many they were. */
export async function workSome(services: Needs, corpId: number): Promise<number> {
  return services.db.transaction().execute(async (tx) => {
    const todos = await takePersons(tx, corpId, chunk, new Date())
    await workOut(services, tx, corpId, todos)
    return todos.length
  })
}

/** Settles differences, each as its owner of truth has it, or as a person told; everything is noted, so that it can be undone. */
export async function runSync(services: Needs, run: OperationRun<unknown>): Promise<unknown> {
  const input = syncInput.parse(run.input)
  try {
    return await sync(services, run, input)
  } catch (error) {
    throw inWords(error)
  }
}

async function sync(services: Needs, run: OperationRun<unknown>, input: z.output<typeof syncInput>): Promise<unknown> {
  const { db } = services
  const { corpId } = run
  const client = await clientOf(services, corpId)
  await readAndAdopt(services, corpId, client)
  const all = await currentDifferences(services, corpId)
  const catalogue =
    input.keys === undefined && input.marks !== undefined
      ? []
      : all.filter((one) => input.keys?.includes(one.key) ?? true)
  let changed = await countChanges(db, run.id)
  await run.progress({ done: changed, total: changed + catalogue.length })
  for (const one of catalogue) {
    const changes = await settleOne(services, corpId, one, input.winner ?? one.wins)
    await insertChanges(db, corpId, run.id, changed, changes)
    changed += changes.length
    await run.progress({ done: changed })
  }
  if (catalogue.length > 0) await readAndAdopt(services, corpId, client)
  const only = input.marks ?? (input.keys === undefined ? undefined : [])
  for (;;) {
    const found = await markDifferences(db, corpId, chunk, only)
    if (found.length === 0) break
    const winners = await winnersOf(services, corpId, found, input.winner)
    await db.transaction().execute(async (tx) => {
      await insertChanges(tx, corpId, run.id, changed, winners)
      await settleMarks(services, tx, corpId, winners)
    })
    changed += winners.length
    await callAll(
      services,
      corpId,
      winners.map((one) => one.customerId),
    )
    await run.progress({ done: changed })
  }
  await drain(services, run, corpId)
  return { changes: changed, ...(await countMarks(db, corpId)) }
}

type MarkChange = Extract<SyncChange, { do: 'mark' }>

async function winnersOf(
  { db }: Needs,
  corpId: number,
  found: readonly MarkDifference[],
  told: 'ours' | 'wecom' | undefined,
): Promise<readonly MarkChange[]> {
  const groupOf = new Map((await listTags(db, corpId)).map((tag) => [tag.id, tag.groupId]))
  const truths = new Map<string, 'ours' | 'wecom'>()
  for (const groupId of new Set(groupOf.values()))
    truths.set(groupId, (await findGroup(db, corpId, groupId))?.truth ?? 'wecom')
  return found.map((one) => ({
    ...{ do: 'mark', customerId: one.customerId, userid: one.userid, tagId: one.tagId, wanted: one.wanted },
    winner: told ?? truths.get(groupOf.get(one.tagId) ?? '') ?? 'wecom',
  }))
}

async function settleMarks(
  services: Needs,
  tx: Parameters<typeof workOut>[1],
  corpId: number,
  changes: readonly MarkChange[],
): Promise<void> {
  const at = services.clock.now()
  await disagree(
    tx,
    corpId,
    changes.filter((one) => one.winner === 'ours'),
  )
  await recordFacts(
    tx,
    corpId,
    changes
      .filter((one) => one.winner === 'wecom')
      .map(({ customerId, userid, tagId, wanted }) => ({
        ...{ customerId, tagId, source: 'wecom' as const, reference: userid, says: !wanted, at, evidence: { userid } },
      })),
    new Date(),
  )
  await workOut(services, tx, corpId, await theirTodos(tx, changes))
}

async function theirTodos(tx: Parameters<typeof workOut>[1], changes: readonly { customerId: number }[]) {
  const homes = [...new Set(changes.map((one) => one.customerId))]
  const queued = new Map((await dropTodos(tx, homes)).map((todo) => [todo.customerId, todo.was]))
  return homes.map((customerId) => ({ customerId, was: queued.get(customerId) ?? [] }))
}

/** One difference of the catalogue, as the winner has it. */
async function settleOne(
  services: Needs,
  corpId: number,
  one: Difference,
  winner: 'ours' | 'wecom',
): Promise<readonly SyncChange[]> {
  const { db, clock } = services
  const { of, id, ours = '', theirs = '' } = one
  if (id === undefined) return []
  if (one.kind === 'gone') {
    if (winner === 'ours') await remake(services, corpId, of, id)
    else await removeFromCatalogue(db, corpId, of === 'group' ? { groups: [id] } : { tags: [id] }, clock.now())
    return [{ do: winner === 'ours' ? 'remade' : 'let_go', of, id }]
  }
  const what = one.kind === 'renamed' ? ('name' as const) : ('position' as const)
  const value = winner === 'ours' ? ours : theirs
  const change = { of, id, ...(what === 'name' ? { name: value } : { position: Number(value) }) }
  if (winner === 'ours')
    await editAtPlatform(services, corpId, await kindOf(services, corpId, of, id), one.platformId, change)
  await writeNames(db, corpId, [change], true)
  return [{ do: what, of, id, winner, ours, theirs, base: one.base ?? ours }]
}

async function kindOf({ db }: Needs, corpId: number, of: 'group' | 'tag', id: string) {
  const groupId = of === 'group' ? id : ((await listTags(db, corpId)).find((tag) => tag.id === id)?.groupId ?? '')
  return (await findGroup(db, corpId, groupId))?.kind ?? 'corp'
}

/** What the platform lost is made there again under new ids, and put on everybody who carried it: no relation is lost. */
async function remake(services: Needs, corpId: number, of: 'group' | 'tag', id: string): Promise<void> {
  const { db, clock } = services
  const tags = (await listTags(db, corpId)).filter((tag) => (of === 'group' ? tag.groupId === id : tag.id === id))
  const group = await findGroup(db, corpId, of === 'group' ? id : (tags[0]?.groupId ?? ''))
  if (group === undefined || tags.length === 0) return
  const ids = tags.map((tag) => tag.id)
  await db.transaction().execute(async (tx) => {
    await carriersAsFacts(
      tx,
      corpId,
      tags.flatMap(({ id: tagId, platformId }) => (platformId === null ? [] : [{ id: tagId, platformId }])),
      clock.now(),
    )
    await forgetMarks(tx, corpId, ids)
    await unlink(tx, corpId, of === 'group' ? { groups: [id], tags: [] } : { groups: [], tags: ids })
  })
  const client = await clientOf(services, corpId)
  await makeAtPlatform(services, corpId, client, {
    group: of === 'group' ? { ...group, platformId: null } : group,
    tags,
  })
  await queueTagged(db, corpId, ids, new Date(0))
}

/** Works out who waits, and tells the platform of it, until nothing is left that could go now. */
async function drain(services: Needs, run: OperationRun<unknown>, corpId: number): Promise<void> {
  for (;;) {
    const worked = await workSome(services, corpId)
    const called = await callSome(services, corpId)
    if (worked + called === 0) return
    await run.progress({ done: await countChanges(services.db, run.id) })
  }
}

export async function callSome(services: Needs, corpId: number, customers?: readonly number[]): Promise<number> {
  const calls = await takeCalls(services.db, corpId, {
    ...{ limit: 200, at: new Date(), leaseMs },
    ...(customers === undefined ? {} : { customers }),
  })
  if (calls.length === 0) return 0
  await makeCalls(services, await clientOf(services, corpId), calls, 'bulk')
  return calls.length
}

export async function callAll(services: Needs, corpId: number, customers: readonly number[]): Promise<void> {
  while ((await callSome(services, corpId, customers)) > 0);
}

/** Brings both sides back to where they were before a sync was applied. */
export async function runUndo(services: Needs, run: OperationRun<unknown>): Promise<unknown> {
  const { of: operationId } = undoInput.parse(run.input)
  const { db, clock } = services
  const { corpId } = run
  try {
    let done = 0
    for (;;) {
      const list = await changesToUndo(db, corpId, operationId, 200)
      if (list.length === 0) break
      const marks = list.flatMap(({ change }) => (change.do === 'mark' ? [change] : []))
      await undoMarks(services, corpId, marks)
      for (const { change } of list) if (change.do !== 'mark') await undoOne(services, corpId, change)
      await noteUndone(
        db,
        operationId,
        list.map(({ no }) => no),
        clock.now(),
      )
      done += list.length
      await run.progress({ done })
    }
    await readAndAdopt(services, corpId, await clientOf(services, corpId))
    return { undone: done }
  } catch (error) {
    throw inWords(error)
  }
}

async function undoOne(services: Needs, corpId: number, change: Exclude<SyncChange, { do: 'mark' }>): Promise<void> {
  const { db } = services
  const { of, id } = change
  if (change.do === 'let_go') return restore(db, corpId, of, id)
  const set = (value: string) => ({ of, id, ...(change.do === 'name' ? { name: value } : { position: Number(value) }) })
  const tag = (await ourCatalogue(db, corpId)).find((one) => one.id === id && one.kind === of)
  if (tag === undefined) return
  const kind = await kindOf(services, corpId, of, id)
  if (change.do === 'remade') return removeAtPlatform(services, corpId, kind, of, tag.platformId)
  if (change.winner === 'ours') await editAtPlatform(services, corpId, kind, tag.platformId, set(change.theirs))
  await writeNames(db, corpId, [set(change.ours)], false)
  await writeBases(db, corpId, [set(change.base)])
}

/** Where ours had won, the platform gets back what it had; either way what was agreed stands as before, so that both differ again. */
async function undoMarks(services: Needs, corpId: number, marks: readonly MarkChange[]): Promise<void> {
  const { db, clock } = services
  if (marks.length === 0) return
  const reverse = await db.transaction().execute((tx) =>
    takeReverse(
      tx,
      corpId,
      marks.filter((one) => one.winner === 'ours'),
      new Date(Date.now() + leaseMs),
    ),
  )
  if (reverse.length > 0) await makeCalls(services, await clientOf(services, corpId), reverse, 'bulk')
  await db.transaction().execute(async (tx) => {
    await forgetWords(
      tx,
      corpId,
      marks.filter((one) => one.winner === 'wecom'),
    )
    await writeMarks(
      tx,
      corpId,
      marks.map((one) => ({ ...one, present: one.wanted })),
      [],
      clock.now(),
    )
    await workOut(services, tx, corpId, await theirTodos(tx, marks))
  })
}
