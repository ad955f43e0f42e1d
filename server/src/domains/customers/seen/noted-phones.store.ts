import { sql } from 'kysely'
import { z } from 'zod'
import type { Tx } from '../../../infra/db/database.ts'
import { phoneIndexOf, plainPhone } from '../../../infra/secrets/phone.ts'
import type { Vault } from '../../../infra/secrets/vault.ts'
import { type Hint, homesWithHints, noteHints, withdrawHints } from '../identities/identity-hints.store.ts'
import { hintKind } from '../identities/identity-kinds.ts'
import { lockPeople } from './seen-people.store.ts'

const source = 'remark'
const kind = hintKind('remark_mobile')
const sealedList = z.array(z.string())

/** Shorter ones are notes, and no numbers. */
const shortestPhone = 7

interface Noted {
  readonly customerId: number
  readonly mobiles: readonly string[]
  readonly readAt: Date
}

/** What the phones that members noted of people say of who they are. */
export function hintsOf(noted: readonly Noted[], vault: Pick<Vault, 'blindIndex'>): readonly Hint[] {
  return noted.flatMap(({ mobiles, customerId, readAt }) =>
    mobiles
      .filter((mobile) => plainPhone(mobile).length >= shortestPhone)
      .map((mobile) => ({
        ...{ kind, value: phoneIndexOf(vault, mobile), home: customerId },
        ...{ source, at: readAt },
      })),
  )
}

/** Homes of which members' notes said something before, and all that they say now. */
interface Known {
  readonly homes: readonly number[]
  readonly hints: readonly Hint[]
}

/**
 * Of people whom we knew, what stands noted by now, of all members: a reading may be older than what is written, or of one
 * member of several. Read under the lock of the person, under which it is written.
 */
export async function notedNow(
  tx: Tx,
  corpId: number,
  ids: readonly number[],
  told: readonly Hint[],
  vault: Pick<Vault, 'blindIndex' | 'open'>,
): Promise<Known> {
  const known = new Set(ids)
  const before = await homesWithHints(tx, corpId, ids, source)
  const homes = [...new Set([...before, ...told.map(({ home }) => home).filter((home) => known.has(home))])]
  if (homes.length === 0) return { homes, hints: [] }
  await lockPeople(tx, homes)
  const { rows } = await sql<Omit<Noted, 'mobiles'> & { mobiles: Buffer }>`
    select customer_id as "customerId", mobiles, coalesce(detail_at, first_added_at) as "readAt" from relations
    where customer_id = any(${homes}::bigint[]) and corp_id = ${corpId} and mobiles is not null`.execute(tx)
  const noted = rows.map((row) => ({ ...row, mobiles: sealedList.parse(JSON.parse(vault.open(row.mobiles))) }))
  return { homes, hints: hintsOf(noted, vault) }
}

/** Notes what was told of people met for the first time and what stands noted of others; takes back what was corrected. */
export async function noteKnown(tx: Tx, corpId: number, told: readonly Hint[], known: Known): Promise<void> {
  const others = new Set(known.homes)
  await noteHints(tx, corpId, [...told.filter(({ home }) => !others.has(home)), ...known.hints])
  await withdrawHints(
    tx,
    corpId,
    known.homes.map((home) => ({ source, home, kind })),
    known.hints,
  )
}
