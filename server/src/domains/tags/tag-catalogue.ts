import { type Client, UnknownOutcomeError } from '@nuanyu/wecom'
import { v7 as uuid } from 'uuid'
import type { Services } from '../../infra/services.ts'
import { inWords, passes, passingGroup } from '../customers/index.ts'
import { readAndAdopt } from './tag-adopt.ts'
import { nameFault, nameKey } from './tag-marks.ts'
import {
  type CatalogueNeeds,
  clientOf,
  editAtPlatform,
  type Making,
  makeAtPlatform,
  removeAtPlatform,
  trying,
} from './tag-platform.ts'
import {
  findGroup,
  findTag,
  type GroupKind,
  type GroupRow,
  insertGroup,
  insertTags,
  listGroups,
  listTags,
  lockCatalogue,
  type NameChange,
  removeFromCatalogue,
  type TagRow,
  tagsAtPlatform,
  writeNames,
} from './tags.store.ts'
import * as said from './tags.words.ts'

export interface NewGroup {
  readonly kind: GroupKind
  readonly strategyId: number | undefined
  readonly name: string
  readonly tags: readonly string[]
  readonly exclusive: boolean
  readonly sensitive: boolean
}

/** Makes a group with its tags: here, and unless it is our own, at the platform. */
export async function createGroup(needs: CatalogueNeeds, corpId: number, wish: NewGroup): Promise<string> {
  const { db, clock } = needs
  const atPlatform = wish.kind !== 'own'
  const client = atPlatform ? await clientOf(needs, corpId) : undefined
  if (client !== undefined) await trying(() => readAndAdopt(needs, corpId, client))
  const limits = await needs.platform.limits(corpId)
  checkNames([wish.name, ...wish.tags], limits.value('tag.name_chars'))
  checkTwice(wish.tags)
  const id = uuid()
  const group: GroupRow = {
    ...{
      id,
      kind: wish.kind,
      strategyId: wish.strategyId ?? null,
      platformId: null,
      ours: true,
      truth: 'ours',
      name: wish.name.trim(),
      position: 0,
    },
    ...{ exclusive: wish.exclusive, sensitive: wish.sensitive },
  }
  const tags = tagRows(id, wish.tags)
  await db.transaction().execute(async (tx) => {
    await lockCatalogue(tx, corpId)
    const others = await listGroups(tx, corpId)
    if (isTaken(others, wish.name)) throw said.groupExists(wish.name)
    if (atPlatform) checkCount((await tagsAtPlatform(tx, corpId)) + tags.length, limits.value('tag.max_count'))
    await insertGroup(tx, corpId, group, clock.now())
    await insertTags(tx, corpId, tags, clock.now())
  })
  if (client !== undefined) await makeOrForget(needs, corpId, client, { group, tags, fresh: true })
  return id
}

/** A group of that name stands here, or at the platform beside the catalogue. */
const isTaken = (others: readonly { readonly name: string }[], name: string) =>
  [...others, { name: passingGroup }].some((other) => nameKey(other.name) === nameKey(name))

/** Adds tags to a group of ours. */
export async function addTags(
  needs: CatalogueNeeds,
  corpId: number,
  groupId: string,
  names: readonly string[],
): Promise<readonly string[]> {
  const { db, clock } = needs
  const group = await changeableGroup(needs, corpId, groupId)
  const client = group.kind === 'own' ? undefined : await clientOf(needs, corpId)
  const limits = await needs.platform.limits(corpId)
  checkNames(names, limits.value('tag.name_chars'))
  checkTwice(names)
  const tags = tagRows(groupId, names)
  await db.transaction().execute(async (tx) => {
    await lockCatalogue(tx, corpId)
    const inGroup = (await listTags(tx, corpId)).filter((tag) => tag.groupId === groupId)
    const taken = new Set(inGroup.map((tag) => nameKey(tag.name)))
    const twice = names.find((name) => taken.has(nameKey(name)))
    if (twice !== undefined) throw said.tagExists(twice)
    if (group.kind !== 'own')
      checkCount((await tagsAtPlatform(tx, corpId)) + tags.length, limits.value('tag.max_count'))
    await insertTags(tx, corpId, tags, clock.now())
  })
  if (client !== undefined) await makeOrForget(needs, corpId, client, { group, tags, fresh: false })
  return tags.map((tag) => tag.id)
}

function tagRows(groupId: string, names: readonly string[]): readonly TagRow[] {
  return names.map((name) => ({ id: uuid(), groupId, platformId: null, name: name.trim(), position: 0, moving: null }))
}

async function makeOrForget(needs: CatalogueNeeds, corpId: number, client: Client, making: Making): Promise<void> {
  try {
    await makeAtPlatform(needs, corpId, client, making)
  } catch (error) {
    // without an answer it may stand there: it is found by its name when the platform is read again
    if (!(error instanceof UnknownOutcomeError))
      await removeFromCatalogue(
        needs.db,
        corpId,
        making.fresh ? { groups: [making.group.id] } : { tags: making.tags.map((tag) => tag.id) },
        needs.clock.now(),
      )
    else throw said.noAnswer(error)
    throw inWords(error)
  }
}

/** Renames or orders groups and tags of ours. */
export async function changeNames(
  needs: CatalogueNeeds,
  corpId: number,
  changes: readonly NameChange[],
): Promise<void> {
  const limits = await needs.platform.limits(corpId)
  for (const { of, id, name } of changes) {
    if (name !== undefined) checkNames([name], limits.value('tag.name_chars'))
    const { group } = await changeable(needs, corpId, of, id)
    if (name !== undefined) await checkFree(needs, corpId, of, id, group.id, name)
  }
  for (const change of changes) {
    const { group, platformId, standing } = await changeable(needs, corpId, change.of, change.id)
    // what we want stands first: what the platform has no answer to now remains a difference
    await writeNames(needs.db, corpId, [change], false)
    try {
      if (group.kind !== 'own') await editAtPlatform(needs, corpId, group.kind, platformId, change)
    } catch (error) {
      if (said.errcodeOf(error) !== undefined && !passes(error))
        await writeNames(needs.db, corpId, [{ of: change.of, ...standing }], false)
      throw inWords(error)
    }
    await writeNames(needs.db, corpId, [change], true)
  }
  const [first] = changes
  if (first === undefined) return
  const { group } = await changeable(needs, corpId, first.of, first.id)
  if (group.kind !== 'own') await trying(async () => readAndAdopt(needs, corpId, await clientOf(needs, corpId)))
}

/** Deletes groups or tags of ours, there and here. */
export async function remove(needs: CatalogueNeeds, corpId: number, of: 'group' | 'tag', id: string): Promise<void> {
  const { group, platformId } = await changeable(needs, corpId, of, id)
  if (group.kind !== 'own' && platformId !== null) {
    await trying(() => removeAtPlatform(needs, corpId, group.kind, of, platformId))
  }
  await removeFromCatalogue(needs.db, corpId, of === 'group' ? { groups: [id] } : { tags: [id] }, needs.clock.now())
  if (group.kind !== 'own') await trying(async () => readAndAdopt(needs, corpId, await clientOf(needs, corpId)))
}

export async function changeableGroup({ db }: Pick<Services, 'db'>, corpId: number, id: string): Promise<GroupRow> {
  const group = await findGroup(db, corpId, id)
  if (group === undefined) throw said.noSuchGroup()
  if (!group.ours) throw said.notOurs(group.name)
  return group
}

async function changeable(needs: Pick<Services, 'db'>, corpId: number, of: 'group' | 'tag', id: string) {
  if (of === 'group') {
    const group = await changeableGroup(needs, corpId, id)
    return { group, platformId: group.platformId, standing: standingOf(group) }
  }
  const tag = await findTag(needs.db, corpId, id)
  if (tag === undefined) throw said.noSuchTag()
  if (tag.moving !== null) throw said.isMoving(tag.name)
  return {
    group: await changeableGroup(needs, corpId, tag.groupId),
    platformId: tag.platformId,
    standing: standingOf(tag),
  }
}
const standingOf = ({ id, name, position }: { id: string; name: string; position: number }) => ({ id, name, position })

async function checkFree(
  needs: CatalogueNeeds,
  corpId: number,
  of: 'group' | 'tag',
  id: string,
  groupId: string,
  name: string,
) {
  const rivals: readonly { id: string; name: string }[] =
    of === 'group'
      ? await listGroups(needs.db, corpId)
      : (await listTags(needs.db, corpId)).filter((tag) => tag.groupId === groupId)
  const others = rivals.filter((rival) => rival.id !== id)
  if (of === 'group' && isTaken(others, name)) throw said.groupExists(name)
  if (others.some((rival) => nameKey(rival.name) === nameKey(name))) throw said.tagExists(name)
}

function checkNames(names: readonly string[], maxChars: number): void {
  for (const name of names) {
    const fault = nameFault(name, maxChars)
    if (fault !== undefined) throw said.badName(name, fault, maxChars)
  }
}

function checkTwice(names: readonly string[]): void {
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(nameKey(name))) throw said.tagExists(name)
    seen.add(nameKey(name))
  }
}

function checkCount(after: number, most: number): void {
  if (after > most) throw said.tooMany(after, most)
}
