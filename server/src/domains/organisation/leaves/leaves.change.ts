import type { Actor } from '../../../infra/auth/actor.ts'
import type { Tx } from '../../../infra/db/database.ts'
import { addLeaves, deleteLeaves, leavesOf, lockMembers } from './leaves.store.ts'
import { type LeaveFault, leaveFault, stands, type Window } from './leaves.ts'
import { presenceChanged } from './presence.store.ts'

export interface AskedLeave extends Window {
  readonly userid: string
  readonly note: string
}

export type TakenLeave =
  | { readonly state: 'added'; readonly id: string }
  | { readonly state: 'known' }
  | { readonly state: 'refused'; readonly why: LeaveFault }

/**
 * Notes leave of members, each for itself: what stands already is known, and what cannot be says why. Whoever has work of
 * theirs looks at it at once. `dry`: nothing is written.
 */
export async function takeLeaves(
  tx: Tx,
  who: Actor | { readonly corpId: number },
  asked: readonly AskedLeave[],
  by: { readonly set: string; readonly at: Date },
  { dry = false }: { readonly dry?: boolean } = {},
): Promise<readonly TakenLeave[]> {
  const { corpId } = who
  const userids = [...new Set(asked.map((one) => one.userid))]
  if (!dry) await lockMembers(tx, corpId, userids)
  const known = await leavesOf(tx, who, userids, by.at)
  const standing = new Map<string, Window[]>([...known].map(([userid, leaves]) => [userid, [...leaves]]))
  const fresh: { readonly place: number; readonly leave: AskedLeave }[] = []
  const taken = asked.map((leave, place): TakenLeave => {
    const his = standing.get(leave.userid)
    if (his !== undefined && stands(leave, his)) return { state: 'known' }
    const why = leaveFault(leave, his, by.at)
    if (why !== undefined) return { state: 'refused', why }
    his?.push(leave)
    fresh.push({ place, leave })
    return { state: 'added', id: '' }
  })
  if (dry || fresh.length === 0) return taken
  const ids = await addLeaves(
    tx,
    corpId,
    fresh.map(({ leave }) => leave),
    by,
  )
  await presenceChanged(
    tx,
    corpId,
    fresh.map(({ leave }) => leave.userid),
    by.at,
  )
  const idAt = new Map(fresh.map(({ place }, at) => [place, ids[at] ?? '']))
  return taken.map((one, place) => (one.state === 'added' ? { state: 'added', id: idAt.get(place) ?? '' } : one))
}

/** Leave that is not to be after all, known by its member and beginning; answers those that stood. */
export async function cancelLeaves<Asked extends Pick<AskedLeave, 'userid' | 'from'>>(
  tx: Tx,
  corpId: number,
  asked: readonly Asked[],
  at: Date,
): Promise<readonly (readonly [Asked, TakenLeave])[]> {
  const gone = await deleteLeaves(tx, corpId, asked)
  await presenceChanged(
    tx,
    corpId,
    gone.map(({ userid }) => userid),
    at,
  )
  return asked.map((one) => [one, gone.includes(one) ? { state: 'added', id: '' } : { state: 'known' }])
}
