import type { Client } from '@nuanyu/wecom'
import { v7 as uuid } from 'uuid'
import { corpRule, hourShare } from '../../infra/budget/rules.ts'
import type { Services } from '../../infra/services.ts'
import { notePassingTags, passingGroup } from '../customers/index.ts'
import { forgetPassing, notePassingGone } from './passing.store.ts'
import { type Called, makeCalls } from './tag-calls.ts'
import { type Pace, paceOf } from './tag-marks.ts'
import { type Carrier, takeRemarks } from './tag-move.store.ts'
import { type CatalogueNeeds, once, removeAtPlatform } from './tag-platform.ts'

const markPath = '/cgi-bin/externalcontact/mark_tag'
/** Longer than a batch may take at the slowest. */
const leaseMs = 120_000

/** How long so many marks take within the budget. */
export function marksPace(marks: number, limits: Parameters<typeof corpRule>[1]): Pace {
  const { perMinute, perHour } = corpRule(markPath, limits)
  return paceOf(marks, { perMinute, perHour: perHour * hourShare.bulk })
}

/**
 * A corp tag that stands for something passing, in a group of its own; the platform's id. What stands there by this name, after
 * a lost answer or a crash, is taken, so a name is for one thing only.
 */
export async function makePassingTag(
  needs: CatalogueNeeds,
  corpId: number,
  client: Client,
  name: string,
): Promise<string> {
  const id = (await findPassingTag(client, name)) ?? (await add(needs, corpId, client, name))
  await notePassingTags(needs.db, corpId, [{ id, name }], needs.clock.now())
  return id
}

/** The tag of this name, as the platform has it. */
export async function findPassingTag(client: Client, name: string): Promise<string | undefined> {
  return (await listPassingTags(client)).find((one) => one.name === name)?.id
}

export interface PassingTag {
  readonly id: string
  readonly name: string
  readonly madeAt: Date
}

/** All that stand in their group, as the platform has them. */
export async function listPassingTags(client: Client): Promise<readonly PassingTag[]> {
  const { tag_group } = await client.tags.list({}, { priority: 'bulk' })
  const groups = tag_group.filter((one) => one.group_name === passingGroup)
  return groups.flatMap(({ tag }) =>
    tag.map(({ id, name, create_time }) => ({ id, name, madeAt: new Date(create_time * 1000) })),
  )
}

async function add(needs: CatalogueNeeds, corpId: number, client: Client, name: string): Promise<string> {
  const wish = { group_name: passingGroup, tag: [{ name }] }
  const made = await once(needs, corpId, `tags.add:${corpId}:${uuid()}`, 'tags.add', wish, () => client.tags.add(wish))
  const tag = made.tag_group.tag.find((one) => one.name === name)
  if (tag === undefined) throw new Error('the platform made a tag and did not name it')
  return tag.id
}

/** Puts such a tag on these relations, one call each, beside whatever else waits to be told of them. */
export async function putPassingTag(
  needs: Pick<Services, 'db' | 'clock' | 'log' | 'effects'>,
  corpId: number,
  client: Client,
  tagId: string,
  relations: readonly Carrier[],
): Promise<readonly Called[]> {
  const calls = await takeRemarks(needs.db, corpId, relations, { add: tagId }, new Date(Date.now() + leaseMs))
  const { called } = await makeCalls(needs, client, calls, 'bulk')
  const refused = called.filter(({ came }) => came === 'refused').map(({ call }) => call)
  if (refused.length > 0) await forgetPassing(needs.db, corpId, tagId, refused)
  return called
}

/** Takes such a tag from these relations alone. */
export async function takePassingTag(
  needs: Pick<Services, 'db' | 'clock' | 'log' | 'effects'>,
  corpId: number,
  client: Client,
  tagId: string,
  relations: readonly Carrier[],
): Promise<readonly Called[]> {
  const calls = await takeRemarks(needs.db, corpId, relations, { remove: tagId }, new Date(Date.now() + leaseMs))
  return (await makeCalls(needs, client, calls, 'normal')).called
}

/** Takes such a tag from everybody: one call, which may be made again. Nobody is to put it meanwhile. */
export async function removePassingTag(needs: CatalogueNeeds, corpId: number, tagId: string): Promise<void> {
  await removeAtPlatform(needs, corpId, 'corp', 'tag', tagId)
  await forgetPassing(needs.db, corpId, tagId)
  await notePassingGone(needs.db, corpId, tagId, needs.clock.now())
}
