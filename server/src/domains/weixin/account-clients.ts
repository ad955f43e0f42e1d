import { type Budget, createWeixinClient, type WeixinClient, type WeixinControl } from '@nuanyu/wecom'
import { appTokens } from '../../infra/platform/tokens.ts'
import type { Services } from '../../infra/services.ts'
import { accountSecret, accountTokens } from './accounts.store.ts'
import type { WeixinAccount } from './accounts.ts'

export type Client = WeixinClient & WeixinControl
type Needs = Pick<Services, 'db' | 'vault' | 'platform' | 'config' | 'sandboxUrl' | 'metrics' | 'log'>

/** Clients of WeChat's own interface, one an account; tokens and budget are shared with all processes. */
export interface WeixinClients {
  of(account: WeixinAccount): Promise<Client>
}

export function weixinUrl({ config, sandboxUrl }: Pick<Services, 'config' | 'sandboxUrl'>): string {
  return sandboxUrl === undefined ? config.weixinUrl : `${sandboxUrl}/weixin`
}

export function weixinClients(services: Needs): WeixinClients {
  const { db, vault, platform, metrics, log } = services
  const known = new Map<string, { readonly secretSealed: Buffer; readonly client: Client }>()
  return {
    async of(account) {
      const secretSealed = await accountSecret(db, account.id)
      if (secretSealed === undefined) throw new Error(`the account ${account.appid} is not connected any more`)
      const cached = known.get(account.id)
      if (cached?.secretSealed.equals(secretSealed)) return cached.client
      const client = createWeixinClient({
        baseUrl: weixinUrl(services),
        appId: account.appid,
        appKey: account.name,
        secret: vault.open(secretSealed),
        tokens: appTokens({ db, vault, appId: account.id, corpId: account.corpId, secretSealed, home: accountTokens }),
        budget: apart(await platform.budget(account.corpId), account.appid),
        limits: await platform.limits(account.corpId),
        onCall(record) {
          metrics.calls.inc({
            api: record.endpoint,
            errcode: String(record.errcode ?? (record.outcome === 'ok' ? 0 : record.outcome)),
          })
          if (record.outcome !== 'ok') log.warn({ call: record }, 'a call to a WeChat account did not go well')
        },
      })
      known.set(account.id, { secretSealed, client })
      return client
    },
  }
}

/** Some paths are the same as WeCom's: an account's calls are counted under names of their own. */
function apart(budget: Budget, appid: string): Budget {
  const path = (own: string) => `weixin/${appid}${own}`
  return {
    acquire: (call) => budget.acquire({ ...call, path: path(call.path) }),
    limited: (call, kind) => budget.limited({ ...call, path: path(call.path) }, kind),
  }
}
