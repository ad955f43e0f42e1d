import type { Services } from '../../infra/services.ts'
import { identityKey, knownHomesOf } from '../customers/index.ts'
import { openidKind } from './accounts.ts'
import { readSession } from './login.ts'

/** Whoever tells something from the brand's own mini program. */
export interface MiniVisitor {
  readonly corpId: number
  readonly openid: string
  /** His home; undefined: nobody whom we know. */
  readonly home: number | undefined
}

/** By the token that the log-in gave; undefined: nobody is logged in. His unionid says more of him than his openid. */
export async function miniVisitor(
  { db, vault, clock }: Pick<Services, 'db' | 'vault' | 'clock'>,
  authorization: string | undefined,
): Promise<MiniVisitor | undefined> {
  const session = readSession(vault, authorization, clock.now())
  if (session === undefined) return undefined
  const { corpId, appid, openid, unionid } = session
  const identities = [
    ...(unionid === undefined ? [] : [{ kind: 'unionid', value: unionid }]),
    { kind: openidKind(appid), value: openid },
  ]
  const homes = await knownHomesOf(db, corpId, identities)
  const home = identities.map((one) => homes.get(identityKey(one))).find((one) => one !== undefined)
  return { corpId, openid, home }
}
