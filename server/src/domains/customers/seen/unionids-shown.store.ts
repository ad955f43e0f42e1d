import type { Tx } from '../../../infra/db/database.ts'
import { identityKey, knownHomesOf } from '../identities/identity-known.store.ts'
import { resolveCustomers } from '../relations/relation-facts.store.ts'
import { forgetUnionids, noteUnionids, tellDetailed } from './newcomers.store.ts'
import { lockPeople } from './seen-people.store.ts'

export interface ShownUnionid {
  readonly externalUserid: string
  readonly unionid: string
  /** Of what stood there before anything was read, nothing is told. */
  readonly isNews: boolean
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
  context: { readonly at: Date; readonly cause: string },
): Promise<void> {
  const { at } = context
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
  const met = { ids, fresh: new Set<number>() }
  const noted = await noteUnionids(tx, corpId, news, met, at)
  // erased between the look at what was erased and the lock
  const standing = await lockPeople(
    tx,
    noted.map(({ home }) => home),
  )
  const isGone = ({ home }: { readonly home: number }) => !standing.has(home)
  await forgetUnionids(tx, corpId, noted.filter(isGone))
  const untold = new Set(news.filter((one) => !one.isNews).map(({ unionid }) => unionid))
  const told = noted.filter((one) => !isGone(one) && !untold.has(one.value))
  await tellDetailed(tx, corpId, told, met, context)
}
