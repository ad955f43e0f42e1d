import type { Tx } from '../../../infra/db/database.ts'
import type { Services } from '../../../infra/services.ts'
import { homesOfPersons } from '../../customers/index.ts'
import { sendStatus } from '../campaigns/recipient.ts'
import { releaseTouchesOf } from '../governor/reservations.store.ts'
import {
  addTasks,
  growTask,
  livingRelations,
  type NewTask,
  nextNumber,
  noteGivenAway,
  troublesOf,
  unplacedParts,
} from './offers.store.ts'
import { reassign } from './reassign.ts'
import { type TakenOver, tellReassigned } from './reassigned.ts'
import { type Given, giveTo, listUnsendable, loadOf, recipientsOf } from './recipients.store.ts'
import type { Run } from './runs.store.ts'
import type { Task } from './task.ts'

/** A task whose member cannot send it: all of its customers, or those whom the platform calls by these ids. */
export interface Failing {
  readonly task: Task
  readonly externalIds?: readonly string[]
}

/** How tasks of others' customers are cut. */
interface Cut {
  /** How many customers one task holds at most. */
  readonly most: number
  /** The tasks, not asked yet, into which more may be put, by member. */
  readonly open: ReadonlyMap<string, number>
}

/**
 * Offers customers of tasks to members who also have the relation, in new tasks of theirs; who knows nobody else is listed.
 * The run is held by the caller. The number of statements grows with the tasks, not with their customers.
 */
export async function offerToOthers(
  { platform, clock }: Pick<Services, 'platform' | 'clock'>,
  tx: Tx,
  run: Run,
  failing: readonly Failing[],
): Promise<void> {
  const most = (await platform.limits(run.corpId)).value('broadcast.customers_max')
  for (const one of failing) await offer(tx, run, one, { most, open: new Map() }, clock.now())
}

/** The same for Moments: what a member takes over of one variant is one part of his, whoever had it. */
export async function offerParts(tx: Tx, run: Run, failing: readonly Failing[], now: Date): Promise<void> {
  for (const one of failing)
    await offer(tx, run, one, { most: Number.POSITIVE_INFINITY, open: await unplacedParts(tx, one.task) }, now)
}

async function offer(tx: Tx, run: Run, { task, externalIds }: Failing, { most, open }: Cut, now: Date): Promise<void> {
  const people = (await recipientsOf(tx, task, externalIds)).filter(({ status }) => status !== sendStatus.sent)
  if (people.length === 0) return
  const left = people.map(({ customerId }) => customerId)
  const { given, listed } = await choose(tx, run, task, left, now)
  const groups = Map.groupBy(given, ([, { userid }]) => userid)
  const tasks: NewTask[] = []
  const moves: Given[] = []
  let number = await nextNumber(tx, run.id)
  for (const [sender, customers] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const held = open.get(sender)
    if (held !== undefined) {
      await growTask(tx, { runId: run.id, number: held }, customers.length, triedOf(task))
      for (const [customerId, { externalUserid }] of customers)
        moves.push({ customerId, task: held, sender, externalUserid })
      continue
    }
    for (let from = 0; from < customers.length; from += most, number += 1) {
      const part = customers.slice(from, from + most)
      tasks.push({
        ...{ corpId: run.corpId, runId: run.id, number, variant: task.variant, sender, canary: task.canary },
        ...{ recipients: part.length, tried: triedOf(task), expiresAt: task.expiresAt },
      })
      for (const [customerId, { externalUserid }] of part)
        moves.push({ customerId, task: number, sender, externalUserid })
    }
  }
  await addTasks(tx, tasks, now)
  await giveTo(tx, run.id, moves)
  await listUnsendable(tx, run.id, listed)
  await releaseTouchesOf(tx, run.id, [...listed.keys()])
  await noteGivenAway(tx, task, people.length, moves[0]?.task)
  if (task.ending === 'absent') await tellReassigned(tx, run, task, partsOf(moves), listed.size, now)
}

/** How many went to which task. */
function partsOf(moves: readonly Given[]): readonly TakenOver[] {
  const of = Map.groupBy(moves, ({ task }) => task)
  return [...of].map(([number, list]) => ({ number, sender: list[0]?.sender ?? '', recipients: list.length }))
}

async function choose(tx: Tx, run: Run, task: Task, left: readonly number[], at: Date) {
  const homes = await homesOfPersons(tx, left)
  const rootOf = new Map(homes.map(({ home, root }) => [home, root]))
  const living = await livingRelations(
    tx,
    run.corpId,
    homes.map(({ home }) => home),
  )
  const relations = living.map((one) => ({ ...one, customerId: rootOf.get(one.customerId) ?? one.customerId }))
  const userids = [...new Set(relations.map(({ userid }) => userid))]
  const { set, most } = run.spec.senders
  const troubles = await troublesOf(tx, run.corpId, userids, set, at)
  const load = most === null ? undefined : await loadOf(tx, run.id, userids)
  // who is away now may be back when somebody else leaves
  const tried = new Set(triedOf(task))
  return reassign(
    left.map((customerId) => ({ customerId, tried })),
    relations,
    {
      trouble: (userid) => troubles.get(userid),
      room: (userid) => (most === null ? Number.POSITIVE_INFINITY : Math.max(0, most - (load?.get(userid) ?? 0))),
    },
    task.ending === 'absent' ? 'sender_gone' : 'not_given',
  )
}

/** Members to whom the customers of a task were given in vain; who is absent has not been asked in vain. */
const triedOf = ({ tried, sender, ending }: Task) => (ending === 'absent' ? tried : [...tried, sender])
