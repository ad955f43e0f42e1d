import { createHash } from 'node:crypto'
import { type Client, UnknownOutcomeError } from '@nuanyu/wecom'
import { v7 as uuid } from 'uuid'
import type { Tx } from '../../infra/db/database.ts'
import type { Services } from '../../infra/services.ts'
import { inWords, passes, readCorpTags, saveCorpTags } from '../customers/index.ts'
import { type Difference, differences, followsAtOnce } from './tag-diff.ts'
import { nameFault, nameKey } from './tag-marks.ts'
import { carriersAsFacts } from './tag-move.store.ts'
import {
  adoptUnknown,
  claimGroup,
  countAtPlatform,
  findGroup,
  findTag,
  type GroupKind,
  type GroupRow,
  insertGroup,
  insertTags,
  linkPending,
  linkToPlatform,
  listGroups,
  listTags,
  lockCatalogue,
  type NameChange,
  noteAdopted,
  ourCatalogue,
  removeFromCatalogue,
  type TagRow,
  theirCatalogue,
  writeNames,
} from './tags.store.ts'
import * as said from './tags.words.ts'

export type CatalogueNeeds = Pick<Services, 'db' | 'clock' | 'effects' | 'platform' | 'log'>

export interface NewGroup {
  readonly kind: GroupKind
  readonly strategyId: number | undefined
  readonly name: string
  readonly tags: readonly string[]
  readonly exclusive: boolean
  readonly sensitive: boolean
}

export async function clientOf({ platform }: Pick<Services, 'platform'>, corpId: number): Promise<Client> {
  const client = await platform.forCorp(corpId)
  if (client === undefined) throw said.notConnected()
  return client
}

/** Reads what the platform has, and takes over what is theirs to decide. */
export async function readAndAdopt(needs: CatalogueNeeds, corpId: number, client: Client): Promise<void> {
  await saveCorpTags(needs.db, corpId, await readCorpTags(client), needs.clock.now())
  await adopt(needs, corpId)
}

/** What was read of the platform's tags into our catalogue, as far as their side decides; the rest stays a difference. */
export async function adopt({ db, clock }: Pick<Services, 'db' | 'clock'>, corpId: number): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await lockCatalogue(tx, corpId)
    await linkPending(tx, corpId)
    const all = differences(await ourCatalogue(tx, corpId), await theirCatalogue(tx, corpId))
    const at = clock.now()
    await keepCarriers(tx, corpId, all, at)
    const found = all.filter(followsAtOnce)
    await adoptUnknown(tx, corpId, found, at)
    await writeNames(
      tx,
      corpId,
      found.flatMap(({ kind, of, id, theirs }): NameChange[] => {
        if (id === undefined || theirs === undefined) return []
        if (kind === 'renamed') return [{ of, id, name: theirs }]
        return kind === 'reordered' ? [{ of, id, position: Number(theirs) }] : []
      }),
      true,
    )
    const gone = found.filter((one) => one.kind === 'gone')
    const idsOf = (of: 'group' | 'tag') =>
      gone.flatMap((one) => (one.of === of && one.id !== undefined ? [one.id] : []))
    await removeFromCatalogue(tx, corpId, { groups: idsOf('group'), tags: idsOf('tag') }, at)
    await noteAdopted(tx, corpId, at)
  })
}

/** Whoever carried a tag of ours that the platform lost is remembered before he is read again without it. */
async function keepCarriers(tx: Tx, corpId: number, found: readonly Difference[], at: Date): Promise<void> {
  const lost = new Set(found.flatMap((one) => (one.kind === 'gone' && one.wins === 'ours' ? [one.id] : [])))
  if (lost.size === 0) return
  const tags = (await listTags(tx, corpId)).flatMap(({ id, groupId, platformId }) =>
    platformId !== null && (lost.has(id) || lost.has(groupId)) ? [{ id, platformId }] : [],
  )
  await carriersAsFacts(tx, corpId, tags, at)
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
    if (others.some((other) => nameKey(other.name) === nameKey(wish.name))) throw said.groupExists(wish.name)
    if (atPlatform) checkCount((await countAtPlatform(tx, corpId)) + tags.length, limits.value('tag.max_count'))
    await insertGroup(tx, corpId, group, clock.now())
    await insertTags(tx, corpId, tags, clock.now())
  })
  if (client !== undefined) await makeOrForget(needs, corpId, client, { group, tags, fresh: true })
  return id
}

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
      checkCount((await countAtPlatform(tx, corpId)) + tags.length, limits.value('tag.max_count'))
    await insertTags(tx, corpId, tags, clock.now())
  })
  if (client !== undefined) await makeOrForget(needs, corpId, client, { group, tags, fresh: false })
  return tags.map((tag) => tag.id)
}

function tagRows(groupId: string, names: readonly string[]): readonly TagRow[] {
  return names.map((name) => ({ id: uuid(), groupId, platformId: null, name: name.trim(), position: 0, moving: null }))
}

interface Making {
  readonly group: GroupRow
  readonly tags: readonly TagRow[]
  /** The group is new too, and goes again if the platform refuses it. */
  readonly fresh: boolean
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

/** Makes tags at the platform and links them; what stands there by this name in this group already is only linked. */
export async function makeAtPlatform(
  needs: CatalogueNeeds,
  corpId: number,
  client: Client,
  { group, tags }: Pick<Making, 'group' | 'tags'>,
): Promise<void> {
  const key = `tags.add:${corpId}:${digest([group.id, ...tags.map((tag) => tag.id)])}:${needs.clock.now().toISOString()}`
  const wish = {
    ...(group.platformId === null ? { group_name: group.name } : { group_id: group.platformId }),
    tag: tags.map((tag) => ({ name: tag.name })),
  }
  const made = await once(
    needs,
    corpId,
    key,
    'tags.add',
    { groupId: group.id, names: tags.map((tag) => tag.name) },
    async () =>
      group.kind === 'strategy'
        ? (await client.strategyTags.add({ ...wish, strategy_id: group.strategyId ?? 0 })).tag_group
        : (await client.tags.add(wish)).tag_group,
  )
  const byName = new Map(made.tag.map((tag) => [tag.name, tag]))
  await needs.db.transaction().execute(async (tx) => {
    await linkToPlatform(tx, corpId, [
      { table: 'tag_groups', id: group.id, platformId: made.group_id, position: made.order },
      ...tags.flatMap((tag) => {
        const one = byName.get(tag.name)
        return one === undefined
          ? []
          : [{ table: 'tags' as const, id: tag.id, platformId: one.id, position: one.order }]
      }),
    ])
  })
  await readAndAdopt(needs, corpId, client)
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

/** One name or order at the platform; a call says how it is to be, so saying it again changes nothing. */
export async function editAtPlatform(
  needs: CatalogueNeeds,
  corpId: number,
  kind: GroupKind,
  platformId: string | null,
  change: { readonly id: string; readonly name?: string | undefined; readonly position?: number | undefined },
): Promise<void> {
  if (platformId === null) return
  const client = await clientOf(needs, corpId)
  const wish = {
    id: platformId,
    ...(change.name === undefined ? {} : { name: change.name.trim() }),
    ...(change.position === undefined ? {} : { order: change.position }),
  }
  const key = `tags.edit:${corpId}:${platformId}:${needs.clock.now().toISOString()}:${digest([change.name ?? '', String(change.position ?? '')])}`
  await once(needs, corpId, key, 'tags.edit', wish, () =>
    kind === 'strategy' ? client.strategyTags.edit(wish) : client.tags.edit(wish),
  )
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

export async function removeAtPlatform(
  needs: CatalogueNeeds,
  corpId: number,
  kind: GroupKind,
  of: 'group' | 'tag',
  platformId: string,
): Promise<void> {
  const client = await clientOf(needs, corpId)
  const wish = of === 'group' ? { group_id: [platformId] } : { tag_id: [platformId] }
  const key = `tags.remove:${corpId}:${platformId}:${needs.clock.now().toISOString()}`
  await once(needs, corpId, key, 'tags.remove', wish, async () => {
    try {
      await (kind === 'strategy' ? client.strategyTags.remove(wish) : client.tags.remove(wish))
    } catch (error) {
      // it is gone already
      if (said.errcodeOf(error) !== 40068) throw error
    }
  })
}

/** Asks the platform whether a group is ours to change, by giving it the order that it has. */
export async function tryClaim(needs: CatalogueNeeds, corpId: number, groupId: string): Promise<boolean> {
  const group = await findGroup(needs.db, corpId, groupId)
  if (group === undefined || group.platformId === null) throw said.noSuchGroup()
  const client = await clientOf(needs, corpId)
  const wish = { id: group.platformId, order: group.position }
  try {
    await (group.kind === 'strategy' ? client.strategyTags.edit(wish) : client.tags.edit(wish))
  } catch (error) {
    if (said.isNotOurs(error)) return false
    throw inWords(error)
  }
  await claimGroup(needs.db, corpId, groupId)
  return true
}

/** Claimed before it is made, settled after. */
export async function once<T>(
  { db, effects, clock }: CatalogueNeeds,
  corpId: number,
  key: string,
  kind: string,
  detail: unknown,
  call: () => Promise<T>,
): Promise<T> {
  await effects.claim(db, [{ key, corpId, kind, subject: undefined, detail }], clock.now())
  const settle = (state: 'done' | 'refused' | 'unknown', errcode?: number) =>
    effects.settle(db, [{ key, state, ...(errcode === undefined ? {} : { errcode }) }], clock.now())
  try {
    const answer = await call()
    await settle('done')
    return answer
  } catch (error) {
    const errcode = said.errcodeOf(error)
    await settle(error instanceof UnknownOutcomeError ? 'unknown' : 'refused', errcode)
    throw error
  }
}

export async function trying<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw inWords(error)
  }
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
  if (rivals.some((rival) => rival.id !== id && nameKey(rival.name) === nameKey(name)))
    throw of === 'group' ? said.groupExists(name) : said.tagExists(name)
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

const digest = (parts: readonly string[]) =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 20)
