import { createHash } from 'node:crypto'
import { type Client, UnknownOutcomeError } from '@nuanyu/wecom'
import type { Services } from '../../infra/services.ts'
import { inWords } from '../customers/index.ts'
import { readAndAdopt } from './tag-adopt.ts'
import { claimGroup, findGroup, type GroupKind, type GroupRow, linkToPlatform, type TagRow } from './tags.store.ts'
import * as said from './tags.words.ts'

export type CatalogueNeeds = Pick<Services, 'db' | 'clock' | 'effects' | 'platform' | 'log'>

export async function clientOf({ platform }: Pick<Services, 'platform'>, corpId: number): Promise<Client> {
  const client = await platform.forCorp(corpId)
  if (client === undefined) throw said.notConnected()
  return client
}

/** Tags to be made, with the group they are of. */
export interface Making {
  readonly group: GroupRow
  readonly tags: readonly TagRow[]
  /** The group is new too, and goes again if the platform refuses it. */
  readonly fresh: boolean
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

const digest = (parts: readonly string[]) =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 20)
