import type { Client } from '@nuanyu/wecom'
import type { Tx } from '../../infra/db/database.ts'
import type { Services } from '../../infra/services.ts'
import { readCorpTags, saveCorpTags } from '../customers/index.ts'
import { type Difference, differences, followsAtOnce } from './tag-diff.ts'
import { queueCarriers } from './tag-facts.store.ts'
import { carriersAsFacts } from './tag-move.store.ts'
import {
  adoptUnknown,
  linkPending,
  listTags,
  lockCatalogue,
  type NameChange,
  noteAdopted,
  ourCatalogue,
  removeFromCatalogue,
  theirCatalogue,
  wasAdopted,
  writeNames,
} from './tags.store.ts'

type Needs = Pick<Services, 'db' | 'clock'>

/** Reads what the platform has, and takes over what is theirs to decide. */
export async function readAndAdopt(needs: Needs, corpId: number, client: Client): Promise<void> {
  await saveCorpTags(needs.db, corpId, await readCorpTags(client), needs.clock.now())
  await adopt(needs, corpId)
}

/** What was read of the platform's tags into our catalogue, as far as their side decides; the rest stays a difference. */
export async function adopt({ db, clock }: Needs, corpId: number): Promise<void> {
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
    if (!(await wasAdopted(tx, corpId))) await queueCarriers(tx, corpId, new Date())
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
