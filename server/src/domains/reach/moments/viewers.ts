import type { Tx } from '../../../infra/db/database.ts'
import { sendStatus } from '../campaigns/recipient.ts'
import { releaseTouchesOf } from '../governor/reservations.store.ts'
import { writeMoments } from '../plan/moments.store.ts'
import { noteGivenAway } from '../run/offers.store.ts'
import { type Failing, offerParts } from '../run/offers.ts'
import type { Party } from '../run/party.ts'
import { listUnsendable, noteAsked, recipientsOf } from '../run/recipients.store.ts'
import type { Run } from '../run/runs.store.ts'
import { leftForGood, willNotMark } from './viewers.store.ts'

/**
 * Who is to see a Moment. Whose member cannot publish it is offered to another who also knows him, in a Moment of their own,
 * seen by a tag of its own on that other's card; who knows nobody else is listed.
 */
export const viewers: Party = {
  /** The tag was taken from whoever refused before the Moment was asked for (moment-refusals.ts). */
  withoutRefusals: async (_tx, _run, tasks) => tasks,
  noteAsked,
  async notGiven(needs, tx, run, failing) {
    const movable = await movableOf(tx, run, failing)
    await willNotMark(
      tx,
      failing.map(({ task }) => task),
    )
    await list(
      tx,
      run,
      failing.filter((one) => !movable.includes(one)),
    )
    if (movable.length === 0) return
    const now = needs.clock.now()
    await offerParts(tx, run, movable, now)
    const sendersMost = (await needs.platform.limits(run.corpId)).value('moment.senders_max')
    await writeMoments(tx, { runId: run.id, corpId: run.corpId, tags: [] }, sendersMost, now)
  },
}

/**
 * Those whose people may be given to others without seeing it twice. A Moment cannot be taken from one member alone: at whom
 * it stands, and who may be back before it expires, may publish it yet. By corp tags everybody who can see it does so anyway.
 */
async function movableOf(
  tx: Tx,
  { corpId, state, spec }: Run,
  failing: readonly Failing[],
): Promise<readonly Failing[]> {
  const goesOn = state === 'running' || state === 'canary' || state === 'paused'
  if (!goesOn || (spec.moment?.tags.length ?? 0) > 0) return []
  const gone = await leftForGood(
    tx,
    corpId,
    failing.map(({ task }) => task.sender),
  )
  return failing.filter(({ task }) => task.state !== 'asked' || gone.has(task.sender))
}

async function list(tx: Tx, run: Run, failing: readonly Failing[]): Promise<void> {
  for (const { task } of failing) {
    const people = await recipientsOf(tx, task)
    const left = people.filter(({ status }) => status !== sendStatus.sent).map(({ customerId }) => customerId)
    const reason = task.ending === 'absent' ? ('sender_gone' as const) : ('not_given' as const)
    await listUnsendable(tx, run.id, new Map(left.map((customerId) => [customerId, reason])))
    await releaseTouchesOf(tx, run.id, left)
    await noteGivenAway(tx, task, left.length, undefined)
  }
}
