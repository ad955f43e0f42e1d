import { setTimeout as sleep } from 'node:timers/promises'
import { v7 as uuid } from 'uuid'
import { z } from 'zod'
import type { OperationRun } from '../../infra/operations/operations.ts'
import { inWords, passes } from '../customers/index.ts'
import { readAndAdopt } from './tag-adopt.ts'
import { makeCalls } from './tag-calls.ts'
import { changeableGroup } from './tag-catalogue.ts'
import { nameKey } from './tag-marks.ts'
import { carriersOf, countCarriers, queueTagged, takeRemarks } from './tag-move.store.ts'
import { type CatalogueNeeds, clientOf, once, removeAtPlatform } from './tag-platform.ts'
import {
  findGroup,
  findTag,
  finishMove,
  listTags,
  lockCatalogue,
  type Moving,
  moveOwn,
  removeFromCatalogue,
  setMoving,
} from './tags.store.ts'
import { cannotMove, noSuchTag } from './tags.words.ts'

export const moveKind = 'tags.move'

export const moveInput = z.object({
  tagId: z.string(),
  toGroup: z.string(),
  /** Goes back to where it came from, whatever was done of it. */
  undo: z.boolean().default(false),
})
export type MoveInput = z.output<typeof moveInput>

const chunk = 200
const leaseMs = 120_000

type Needs = CatalogueNeeds

/**
 * Moves a tag to another group, as the platform allows it: a new tag there, each relation marked anew, the old one deleted.
 * Cancelled, both stand, and each relation has one of them; begun again it goes on, and its undoing goes back.
 */
export async function runMove(services: Needs, run: OperationRun<unknown>): Promise<unknown> {
  const input = moveInput.parse(run.input)
  try {
    return await move(services, run, input)
  } catch (error) {
    throw inWords(error)
  }
}

async function move(
  services: Needs,
  run: OperationRun<unknown>,
  { tagId, toGroup, undo }: MoveInput,
): Promise<unknown> {
  const { db } = services
  const { corpId } = run
  const tag = await findTag(db, corpId, tagId)
  if (tag === undefined) throw noSuchTag()
  const group = await findGroup(db, corpId, tag.groupId)
  // a tag of our own moves without anybody being told
  if (group?.kind === 'own' || tag.platformId === null) {
    const target = await changeableGroup(services, corpId, toGroup)
    if (target.kind !== 'own')
      throw cannotMove('自有标签只能在自有标签组之间移动。', 'A tag of our own moves between groups of our own.')
    await moveOwn(db, corpId, tagId, toGroup)
    return { marks: 0, from: tag.groupId, to: toGroup }
  }
  const moving = await begin(services, run, tag.moving, {
    tagId,
    toGroup,
    undo,
    name: tag.name,
    from: tag.groupId,
    platformId: tag.platformId,
  })
  const client = await clientOf(services, corpId)
  const left = await countCarriers(db, corpId, moving.fromPlatformId)
  const counts = readCounts(run.checkpoint)
  const total = counts.marked + left
  let { marked, refused } = counts
  await run.progress({ done: marked, total })
  let after = { customerId: 0, userid: '' }
  for (;;) {
    const carriers = await carriersOf(db, corpId, moving.fromPlatformId, after, chunk)
    const last = carriers.at(-1)
    if (last === undefined) break
    const calls = await takeRemarks(
      db,
      corpId,
      carriers,
      { add: moving.toPlatformId, remove: moving.fromPlatformId },
      new Date(Date.now() + leaseMs),
    )
    const made = await makeCalls(services, client, calls, 'bulk')
    marked += made.done
    refused += made.refused
    // what is to be tried later is met again: it still carries the old tag
    if (made.later === 0) after = { customerId: last.customerId, userid: last.userid }
    else await sleep(1_000)
    await run.progress({ done: marked, total, checkpoint: { marked, refused } })
  }
  if (refused > 0 && (await countCarriers(db, corpId, moving.fromPlatformId)) > 0) {
    await setMoving(db, corpId, tagId, moving)
    return { marks: marked, refused, from: moving.fromGroup, to: moving.toGroup, unfinished: true }
  }
  const old = await findGroup(db, corpId, moving.fromGroup)
  await removeAtPlatform(services, corpId, old?.kind ?? 'corp', 'tag', moving.fromPlatformId)
  await db.transaction().execute(async (tx) => {
    await lockCatalogue(tx, corpId)
    await finishMove(tx, corpId, tagId, moving)
    // a group at the platform goes with its last tag
    await removeFromCatalogue(tx, corpId, {}, services.clock.now())
    // whatever was said of it meanwhile
    await queueTagged(tx, corpId, [tagId], new Date())
  })
  await readAndAdopt(services, corpId, client).catch((error: unknown) => {
    if (!passes(error)) throw error
  })
  return { marks: marked, refused, from: moving.fromGroup, to: moving.toGroup }
}

function readCounts(checkpoint: unknown) {
  const read = z.object({ marked: z.int(), refused: z.int() }).safeParse(checkpoint)
  return read.success ? read.data : { marked: 0, refused: 0 }
}

interface Asked extends MoveInput {
  readonly name: string
  readonly from: string
  readonly platformId: string
}

/** The new tag, made once; a move that was begun goes on, or turns round. */
async function begin(
  services: Needs,
  run: OperationRun<unknown>,
  before: Moving | null,
  asked: Asked,
): Promise<Moving> {
  const { db } = services
  const { corpId } = run
  if (before !== null) {
    const turned = asked.undo && before.operationId !== run.id
    const moving: Moving = turned
      ? {
          operationId: run.id,
          ...{ fromGroup: before.toGroup, fromPlatformId: before.toPlatformId },
          ...{ toGroup: before.fromGroup, toPlatformId: before.fromPlatformId },
        }
      : { ...before, operationId: run.id }
    await setMoving(db, corpId, asked.tagId, moving)
    return moving
  }
  const target = await changeableGroup(services, corpId, asked.toGroup)
  if (target.kind === 'own' || target.platformId === null)
    throw cannotMove('这个标签组不在企业微信里。', 'That group is not at WeCom.')
  if (target.id === asked.from) throw cannotMove('标签已经在这个组里。', 'The tag is in that group already.')
  const rivals = (await listTags(db, corpId)).filter((tag) => tag.groupId === target.id)
  if (rivals.some((tag) => nameKey(tag.name) === nameKey(asked.name)))
    throw cannotMove(`目标组里已有「${asked.name}」。`, `The group has a tag “${asked.name}” already.`)
  const toPlatformId = await makeTwin(services, corpId, target, asked)
  const moving: Moving = {
    ...{ operationId: run.id, fromGroup: asked.from, fromPlatformId: asked.platformId },
    ...{ toGroup: target.id, toPlatformId },
  }
  await setMoving(db, corpId, asked.tagId, moving)
  return moving
}

/** The tag of the same name in the other group: what stands there after a lost answer is taken, else it is made. */
async function makeTwin(
  services: Needs,
  corpId: number,
  target: { readonly kind: string; readonly platformId: string | null; readonly strategyId: number | null },
  asked: Asked,
): Promise<string> {
  const client = await clientOf(services, corpId)
  const groupId = target.platformId ?? ''
  const lists =
    target.kind === 'strategy'
      ? await client.strategyTags.list({ group_id: [groupId] }, { priority: 'bulk' })
      : await client.tags.list({ group_id: [groupId] }, { priority: 'bulk' })
  const standing = lists.tag_group[0]?.tag.find((tag) => tag.name === asked.name && tag.deleted !== true)
  if (standing !== undefined) return standing.id
  const wish = { group_id: groupId, tag: [{ name: asked.name }] }
  const detail = { groupId, names: [asked.name], moves: asked.tagId }
  const made = await once(services, corpId, `tags.add:${corpId}:${uuid()}`, 'tags.add', detail, async () =>
    target.kind === 'strategy'
      ? (await client.strategyTags.add({ ...wish, strategy_id: target.strategyId ?? 0 })).tag_group
      : (await client.tags.add(wish)).tag_group,
  )
  const twin = made.tag.find((tag) => tag.name === asked.name)
  if (twin === undefined) throw new Error('the platform made a tag and did not name it')
  return twin.id
}
