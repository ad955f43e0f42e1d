import type { Tx } from '../../../infra/db/database.ts'
import { identityKey, knownHomesOf } from '../identities/identity-known.store.ts'
import { resolveCustomers } from '../relations/relation-facts.store.ts'
import { forgetUnionids, noteUnionids } from './newcomers.store.ts'
import { lockPeople } from './seen-people.store.ts'

export interface ShownUnionid {
  readonly externalUserid: string
  readonly unionid: string
}

/**
 * What the platform shows of WeChat users beside their details: the unionids of a group's members, also of those who are
 * nobody's friend (92122). The same evidence as a detail's. Nothing is written of whom all is known; the erased are the
 * caller's to leave out.
 */
export async function noteUnionidsShown(
  tx: Tx,
  corpId: number,
  shown: readonly ShownUnionid[],
  at: Date,
): Promise<void> {
  const named = ({ externalUserid, unionid }: ShownUnionid) => [
    { kind: 'external_userid', value: externalUserid },
    { kind: 'unionid', value: unionid },
  ]
  const known = await knownHomesOf(tx, corpId, shown.flatMap(named))
  const news = shown.filter((one) => {
    const [own, union] = named(one).map((identity) => known.get(identityKey(identity)))
    return own === undefined || own !== union
  })
  if (news.length === 0) return
  const found = await resolveCustomers(
    tx,
    news.map(({ externalUserid }) => ({ corpId, externalUserid })),
    at,
  )
  const ids = new Map(
    news.flatMap(({ externalUserid }): [string, number][] => {
      const home = found.get(`${corpId} ${externalUserid}`)
      return home === undefined ? [] : [[externalUserid, home]]
    }),
  )
  const noted = await noteUnionids(tx, corpId, news, { ids, fresh: new Set() }, at)
  // erased between the look at what was erased and the lock
  const standing = await lockPeople(
    tx,
    noted.map(({ home }) => home),
  )
  await forgetUnionids(
    tx,
    corpId,
    noted.filter(({ home }) => !standing.has(home)),
  )
}
