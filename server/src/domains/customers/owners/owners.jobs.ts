import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import type { OperationRun } from '../../../infra/operations/operations.ts'
import type { Services } from '../../../infra/services.ts'
import { localTime } from '../../../infra/zone.ts'
import { markMembers } from '../../audiences/index.ts'
import { ownCustomers } from './own.ts'
import type { OwnersInput, OwnersResult } from './owners.schema.ts'
import { dropMembers, homesByExternalId, indexMembers, nextMembers } from './owners.store.ts'
import type { Owning, OwningOutcome } from './owners.ts'

export const ownersKind = 'customers.owners'
/** Persons of one transaction. */
const chunk = 1_000
const refusedShown = 200

type Sums = { -readonly [K in keyof OwnersResult]: OwnersResult[K] }

/** Makes members the exclusive owners of many customers, or counts what would become of it; call before operations start. */
export function defineOwners(services: Pick<Services, 'db' | 'clock' | 'operations'>): void {
  services.operations.define<OwnersInput>(ownersKind, (run) => runOwners(services, run))
}

/** Whoever takes over from a dead process begins anew: what is done already changes nothing. */
async function runOwners(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  run: OperationRun<OwnersInput>,
): Promise<OwnersResult> {
  const { corpId, input, id } = run
  const sums: Sums = {
    ...{ preview: input.preview, persons: 0, set: 0, removed: 0, same: 0, no_relation: 0, unknown: 0, taken_over: 0 },
    refused: [],
  }
  const take = async (asked: readonly (Owning & { readonly named: string })[]) => {
    const outcomes = await db
      .transaction()
      .execute((tx) =>
        ownCustomers(tx, corpId, asked, { at: clock.now(), cause: `operation:${id}` }, { dry: input.preview }),
      )
    for (const [place, { outcome, takesFrom }] of outcomes.entries()) {
      sums[field[outcome]] += 1
      if (takesFrom) sums.taken_over += 1
      const { named = '', userid = null } = asked[place] ?? {}
      if ((outcome === 'no_relation' || outcome === 'unknown_customer') && sums.refused.length < refusedShown)
        sums.refused = [...sums.refused, { customer: named, userid, why: outcome }]
    }
    sums.persons += asked.length
  }
  if ('list' in input.who) {
    const { list } = input.who
    for (let from = 0; from < list.length; from += chunk) {
      const part = list.slice(from, from + chunk)
      const homes = await homesByExternalId(
        db,
        corpId,
        part.map((one) => one.external_userid),
      )
      await take(
        part.map(({ external_userid: named, userid }) => ({ customerId: homes.get(named) ?? 0, userid, named })),
      )
      await run.progress({ done: sums.persons, total: list.length })
    }
    return sums
  }
  const { audience, userid } = input.who
  const table = `owners_${id.replaceAll('-', '')}`
  try {
    await dropMembers(db, table)
    const today = localTime(clock.now(), await zoneOfCorp(db, corpId)).dayNumber
    const marked = await markMembers(db, corpId, table, { is: 'audience', id: audience }, [], today)
    for (const step of [...marked.rules, ...marked.members]) await step(db)
    const total = await indexMembers(db, table)
    for (let after = 0; ; ) {
      const persons = await nextMembers(db, table, after, chunk)
      const last = persons.at(-1)
      if (last === undefined) return sums
      await take(persons.map((customerId) => ({ customerId, userid, named: String(customerId) })))
      after = last
      await run.progress({ done: sums.persons, total })
    }
  } finally {
    await dropMembers(db, table)
  }
}

const field = {
  ...{ set: 'set', removed: 'removed', same: 'same', no_relation: 'no_relation' },
  unknown_customer: 'unknown',
} as const satisfies Readonly<Record<OwningOutcome, keyof OwnersResult>>
