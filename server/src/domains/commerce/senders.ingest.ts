import { chatInput, leaveInput, ownerInput } from '@nuanyu/client/shapes'
import type { Services } from '../../infra/services.ts'
import { homesByExternalId, ownCustomers, writeChats } from '../customers/index.ts'
import { cancelLeaves, takeLeaves } from '../organisation/index.ts'
import { faults } from './faults.ts'
import { type Outcome, readRows, type Teller } from './rows.ts'

type Needs = Pick<Services, 'db' | 'clock'>
type Taken = Promise<ReadonlyMap<number, Outcome>>
const aheadMs = 86_400_000

/** Takes who last chatted with whom: an archive tells it again and again, in any order, and the latest counts. */
export async function takeChats({ db, clock }: Needs, { corpId }: Teller, given: readonly unknown[]): Taken {
  const { rows, outcomes } = readRows(chatInput, given)
  const homes = await homesByExternalId(
    db,
    corpId,
    rows.map(({ row }) => row.external_userid),
  )
  const latest = clock.now().getTime() + aheadMs
  const known = rows.flatMap(({ at, row }) => {
    const customerId = homes.get(row.external_userid)
    const chat = { at, customerId: customerId ?? 0, userid: row.userid, when: new Date(row.at) }
    if (customerId === undefined) outcomes.set(at, { kind: 'rejected', fault: faults.noCustomer(row.external_userid) })
    else if (chat.when.getTime() > latest) outcomes.set(at, { kind: 'rejected', fault: faults.ahead('at') })
    else return [chat]
    return []
  })
  const later = await db.transaction().execute((tx) =>
    writeChats(
      tx,
      corpId,
      known.map(({ customerId, userid, when }) => ({ customerId, userid, at: when })),
    ),
  )
  for (const { at, customerId, userid } of known) {
    const isLater = later.get(`${customerId} ${userid}`)
    if (isLater === undefined) outcomes.set(at, { kind: 'rejected', fault: faults.noContact(userid) })
    else outcomes.set(at, isLater ? { kind: 'accepted' } : { kind: 'unchanged', why: 'older' })
  }
  return outcomes
}

/** Takes exclusive owners of customers. */
export async function takeOwners({ db, clock }: Needs, { corpId, cause }: Teller, given: readonly unknown[]): Taken {
  const { rows, outcomes } = readRows(ownerInput, given)
  const homes = await homesByExternalId(
    db,
    corpId,
    rows.map(({ row }) => row.external_userid),
  )
  const asked = rows.map(({ row }) => ({ customerId: homes.get(row.external_userid) ?? 0, userid: row.userid }))
  const done = await db.transaction().execute((tx) => ownCustomers(tx, corpId, asked, { at: clock.now(), cause }))
  for (const [place, { at, row }] of rows.entries()) {
    const outcome = done[place]?.outcome
    if (outcome === 'unknown_customer')
      outcomes.set(at, { kind: 'rejected', fault: faults.noCustomer(row.external_userid) })
    else if (outcome === 'no_relation')
      outcomes.set(at, { kind: 'rejected', fault: faults.noContact(row.userid ?? '') })
    else outcomes.set(at, outcome === 'same' ? { kind: 'unchanged', why: 'same' } : { kind: 'accepted' })
  }
  return outcomes
}

/** Takes leave of members, and what of it is cancelled. */
export async function takeLeaveRows({ db, clock }: Needs, { corpId, cause }: Teller, given: readonly unknown[]): Taken {
  const { rows, outcomes } = readRows(leaveInput, given)
  const asked = rows.map(({ row }) => ({
    ...{ userid: row.userid, from: new Date(row.from), until: new Date(row.until), note: row.note ?? '' },
    cancelled: row.cancelled === true,
  }))
  const by = { set: cause, at: clock.now() }
  const taken = await db.transaction().execute(async (tx) => {
    const ended = await cancelLeaves(
      tx,
      corpId,
      asked.filter((one) => one.cancelled),
      by.at,
    )
    const standing = asked.filter((one) => !one.cancelled)
    const noted = await takeLeaves(tx, { corpId }, standing, by)
    return new Map(standing.map((one, place) => [one, noted[place]] as const).concat(ended))
  })
  for (const [place, { at }] of rows.entries()) {
    const leave = asked[place]
    const one = leave === undefined ? undefined : taken.get(leave)
    if (one?.state === 'refused') outcomes.set(at, { kind: 'rejected', fault: faults.noLeave(one.why) })
    else outcomes.set(at, one?.state === 'added' ? { kind: 'accepted' } : { kind: 'unchanged', why: 'same' })
  }
  return outcomes
}
