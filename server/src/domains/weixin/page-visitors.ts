import type { Services } from '../../infra/services.ts'
import { identityKey, knownHomesOf, type NamedIdentity } from '../customers/index.ts'
import { weixinClients } from './account-clients.ts'
import { accountOfAppid } from './accounts.store.ts'
import { openidKind } from './accounts.ts'

/** Who opens one of our pages inside WeChat, as an app of WeCom or an Official Account is told; base scope only. */
export interface PageVisitors {
  /**
   * The home of whoever came back with this code; undefined: nobody we know, or a virtual person of WeChat's snapshot of
   * the page. Nothing is kept of him for having looked. Throws what the platform refuses.
   */
  home(corpId: number, askedBy: string | undefined, code: string): Promise<number | undefined>
}

/** A page does not wait longer to learn who looks at it. */
const answerMs = 3_000

export function pageVisitors(services: Services): PageVisitors {
  const { db, platform } = services
  const clients = weixinClients(services)
  return {
    async home(corpId, askedBy, code) {
      const identity =
        askedBy === undefined ? await byApp(corpId, code) : await byOfficialAccount(corpId, askedBy, code)
      if (identity === undefined) return undefined
      return (await knownHomesOf(db, corpId, [identity])).get(identityKey(identity))
    },
  }

  async function byApp(corpId: number, code: string): Promise<NamedIdentity | undefined> {
    const client = await platform.forCorp(corpId)
    const answer = await client?.oauth.getUserInfo(
      { code },
      { priority: 'interactive', deadline: Date.now() + answerMs },
    )
    const value = answer?.external_userid
    return value === undefined ? undefined : { kind: 'external_userid', value }
  }

  async function byOfficialAccount(corpId: number, appid: string, code: string): Promise<NamedIdentity | undefined> {
    const account = await accountOfAppid(db, corpId, appid)
    if (account?.kind !== 'official_account') return undefined
    const client = await clients.of(account)
    const visit = await client.openVisit(code, { priority: 'interactive', deadline: Date.now() + answerMs })
    if (visit.is_snapshotuser === 1) return undefined
    return { kind: openidKind(appid), value: visit.openid }
  }
}
