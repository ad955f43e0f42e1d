import { createHash } from 'node:crypto'
import type { Tx } from '../../../infra/db/database.ts'
import type { Services } from '../../../infra/services.ts'
import { applyRelationFacts, homesOfPersons } from '../../customers/index.ts'
import { sendStatus } from '../campaigns/recipient.ts'
import { livingRelations } from './offers.store.ts'
import type { Told } from './recipients.store.ts'
import type { Task } from './task.ts'

/**
 * Whom the platform calls no friend any more has ended the relation, and we were not told: the callback was lost, and no
 * reading shows it (a one-way relation stays in the lists). Only what still stands as living, and began before, is ended.
 */
export async function endRelations(
  tx: Tx,
  vault: Services['vault'],
  task: Task,
  changed: readonly Told[],
  at: Date,
  learntAt: Date,
): Promise<void> {
  const lost = changed.filter((one) => one.status === sendStatus.noFriend).map((one) => one.customerId)
  if (lost.length === 0) return
  const homes = (await homesOfPersons(tx, lost)).map(({ home }) => home)
  const living = await livingRelations(tx, task.corpId, homes)
  const ended = living.filter((one) => one.userid === task.sender && (one.addedAt === null || one.addedAt < at))
  if (ended.length === 0) return
  await applyRelationFacts(
    tx,
    vault,
    ended.map(({ userid, externalUserid }) => ({
      ...{ kind: 'ended' as const, corpId: task.corpId, userid, externalUserid, at, endedBy: 'customer' as const },
      ...{ cause: `effect:${task.effect}`, dedupeKey: keyOf(`${task.effect} ${userid} ${externalUserid}`) },
    })),
    learntAt,
  )
}

const keyOf = (text: string) => createHash('sha256').update(`send.no_friend ${text}`).digest()
