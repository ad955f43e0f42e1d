import type { Tx } from '../../../infra/db/database.ts'
import { appendEvents } from '../../../infra/events/events.store.ts'
import type { DomainEvent } from '../../../infra/events/events.ts'
import { identityKey, knownHomesOf } from '../../customers/index.ts'
import { sendStatus } from '../campaigns/recipient.ts'
import { confirmTouches } from '../governor/reservations.store.ts'
import type { Touch } from '../governor/touch.ts'
import { recordTouches } from '../governor/touches.store.ts'
import { endRelations } from './ended.ts'
import { dropLateRefusals } from './late-wishes.store.ts'
import type { ReadStatus } from './looks.ts'
import { offerToOthers } from './offers.ts'
import type { MessageParty } from './party.ts'
import { externalIdsOf, noteAsked, recipientsOf, type Told, taskKey, writeStatuses } from './recipients.store.ts'
import { addCounts } from './results.store.ts'
import type { Run } from './runs.store.ts'
import type { Task } from './task.ts'
import { dropTwins } from './twins.store.ts'

/** Customers, each of whom some other member may know too. */
export const customers: MessageParty = {
  chatType: 'single',
  tellsAll: true,
  async idsOf(on, runId, numbers) {
    const found = await externalIdsOf(
      on,
      numbers.map((number) => ({ runId, number })),
    )
    return new Map(numbers.map((number) => [number, found.get(taskKey({ runId, number })) ?? []]))
  },
  /** Nobody is sent to twice, as whom he was and whom he is; and marketing reaches nobody who said meanwhile that he wants none, or less. */
  withoutRefusals: async (tx, run, tasks, now) => {
    const once = await dropTwins(tx, run.id, tasks)
    return run.spec.marketing ? dropLateRefusals(tx, run, once, now) : once
  },
  noteAsked,
  notGiven: offerToOthers,
  async takeIn({ clock, vault }, tx, run, task, told, at) {
    const now = clock.now()
    const changed = await writeStatuses(tx, run.id, await personsOf(tx, task, told))
    await addCounts(tx, task, changed)
    await appendEvents(
      tx,
      changed.flatMap((one) => eventOf(run, task, one, at)),
      now,
    )
    await endRelations(tx, vault, task, changed, at, now)
    if (changed.length > 0) await confirmTouches(tx, run.id, task.number, at)
  },
  /** Some may be in other tasks by now, or in none: who they are is known by their ids alone. */
  async bookAgain({ clock }, tx, run, task, told, at) {
    const named = (value: string) => ({ kind: 'external_userid', value })
    const reached = told.filter(({ status }) => status === sendStatus.sent)
    const homes = await knownHomesOf(
      tx,
      run.corpId,
      reached.map(({ id }) => named(id)),
    )
    const touches = reached.flatMap(({ id, sentAt }): readonly Touch[] => {
      const customerId = homes.get(identityKey(named(id)))
      if (customerId === undefined) return []
      return [
        {
          ...{ customerId, at: sentAt ?? at, effect: task.effect ?? '', corpId: run.corpId, channel: 'customer_send' },
          ...{ kind: run.spec.marketing ? 'marketing' : 'service', campaignId: run.campaignId, sender: task.sender },
        },
      ]
    })
    const fresh = await recordTouches(tx, touches)
    const events = fresh.flatMap((one) => eventOf(run, task, { ...one, status: sendStatus.sent, sentAt: one.at }, at))
    await appendEvents(tx, events, clock.now())
    return reached.length
  },
}

async function personsOf(tx: Tx, task: Task, statuses: readonly ReadStatus[]): Promise<readonly Told[]> {
  const people = await recipientsOf(
    tx,
    task,
    statuses.map((one) => one.id),
  )
  const of = new Map(people.map((one) => [one.externalUserid, one.customerId]))
  return statuses.flatMap(({ id, status, sentAt }) => {
    const customerId = of.get(id)
    return customerId === undefined ? [] : [{ customerId, status, sentAt }]
  })
}

/** What is told of somebody of whom the platform has said something. */
export function eventOf(run: Run, task: Task, { customerId, status, sentAt }: Told, at: Date): readonly DomainEvent[] {
  if (status === sendStatus.unsent) return []
  return [
    {
      ...{ kind: status === sendStatus.sent ? 'send.delivered' : 'send.failed', corpId: run.corpId, customerId },
      ...{ staffUserid: task.sender, occurredAt: sentAt ?? at, cause: `effect:${task.effect}` },
      payload: {
        ...{ campaign: run.campaignId, name: run.campaign, run: run.id, variant: task.variant, sender: task.sender },
        ...(status === sendStatus.sent ? {} : { status }),
      },
    },
  ]
}
