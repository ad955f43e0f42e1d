import { sendStatus } from '../campaigns/recipient.ts'
import { releaseTouchesOf } from '../governor/reservations.store.ts'
import { noteGivenAway } from '../run/offers.store.ts'
import type { Party } from '../run/party.ts'
import { listUnsendable, noteAsked, recipientsOf } from '../run/recipients.store.ts'

/**
 * Who is to see a Moment. A member's people carry its tag on his card alone, so nobody else can show it to them without
 * marking them anew: whose member cannot publish is listed.
 */
export const viewers: Party = {
  /** The tag was taken from whoever refused before the Moment was asked for (moment-refusals.ts). */
  withoutRefusals: async (_tx, _run, tasks) => tasks,
  noteAsked,
  async notGiven(_needs, tx, run, failing) {
    for (const { task } of failing) {
      const people = await recipientsOf(tx, task)
      const left = people.filter(({ status }) => status !== sendStatus.sent).map(({ customerId }) => customerId)
      const reason = task.ending === 'absent' ? ('sender_gone' as const) : ('not_given' as const)
      await listUnsendable(tx, run.id, new Map(left.map((customerId) => [customerId, reason])))
      await releaseTouchesOf(tx, run.id, left)
      await noteGivenAway(tx, task, left.length, undefined)
    }
  },
}
