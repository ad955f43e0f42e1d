import { v7 as uuid } from 'uuid'
import type { Tx } from '../../infra/db/database.ts'
import type { Services } from '../../infra/services.ts'
import { beginRule } from './rule-tags.jobs.ts'
import { writeTagRule } from './rule-tags.store.ts'
import { type GroupRow, insertGroup, insertTags } from './tags.store.ts'

/** A group of tags of our own, which the platform never sees. Answers the ids of its tags, as they were given. */
export async function makeOwnTags(
  tx: Tx,
  corpId: number,
  name: string,
  names: readonly string[],
  at: Date,
): Promise<readonly string[]> {
  const group: GroupRow = {
    ...{ id: uuid(), kind: 'own', strategyId: null, platformId: null, ours: true, truth: 'ours', name, position: 0 },
    ...{ exclusive: false, sensitive: false },
  }
  const tags = names.map((one, at) => ({
    ...{ id: uuid(), groupId: group.id, platformId: null, name: one, position: names.length - at },
  }))
  await insertGroup(tx, corpId, group, at)
  await insertTags(tx, corpId, tags, at)
  return tags.map(({ id }) => id)
}

/** Has a tag follow an audience; whoever calls has looked that no circle is closed. */
export async function giveTagRule(
  services: Pick<Services, 'clock' | 'operations'>,
  tx: Tx,
  corpId: number,
  rule: { readonly tagId: string; readonly audienceId: string; readonly keepDays: number | null },
): Promise<void> {
  await writeTagRule(tx, corpId, rule, { account: null, at: services.clock.now() })
  const { tagId, audienceId } = rule
  await beginRule(services, tx, corpId, { tagId, audienceId, work: 'follow' }, 'system')
}
