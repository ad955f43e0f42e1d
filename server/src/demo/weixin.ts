import { createWeixinClient, memoryBudget, memoryTokenStore } from '@nuanyu/wecom'
import { z } from 'zod'
import { newCallbackKey, newCallbackToken } from '../domains/organisation/index.ts'
import { accountsOfCorp, beginFollowers, callbackUrl, saveAccount } from '../domains/weixin/index.ts'
import type { Services } from '../infra/services.ts'

const weixinAnswer = z.object({
  accounts: z.array(
    z.object({
      key: z.string(),
      kind: z.enum(['official', 'miniprogram']),
      appId: z.string(),
      name: z.string(),
      secret: z.string(),
      callback: z.unknown().optional(),
    }),
  ),
})
const kinds = { official: 'official_account', miniprogram: 'mini_program' } as const

type Needs = Pick<Services, 'db' | 'vault' | 'clock' | 'config'>

/** Puts a setting into the sandbox's admin interface. */
export async function putInSandbox(sandboxUrl: string, path: string, body: unknown): Promise<void> {
  const answer = await fetch(`${sandboxUrl}/sandbox${path}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`the sandbox did not take ${path}: ${await answer.text()}`)
}

/**
 * Connects the demo brand's Official Account and mini program as a person would in the guide: secrets, callback addresses,
 * which the sandbox verifies, and where the mini program logs its visitors in. Answers the accounts that are new.
 */
export async function connectDemoWeixin(
  { db, vault, clock, config }: Needs,
  sandboxUrl: string,
  corpId: number,
  corpid: string,
): Promise<readonly { readonly id: string; readonly kind: string }[]> {
  const { accounts } = weixinAnswer.parse(await (await fetch(`${sandboxUrl}/sandbox/weixin`)).json())
  const known = new Set((await accountsOfCorp(db, corpId)).map(({ appid }) => appid))
  const made: { id: string; kind: string }[] = []
  for (const { key, kind, appId, name, secret, callback } of accounts) {
    if (known.has(appId) && callback) continue
    const keys = { token: newCallbackToken(), aesKey: newCallbackKey() }
    const account = { corpId, kind: kinds[kind], appid: appId, name, secret, callback: keys }
    const id = await saveAccount(db, vault, account, clock.now())
    await putInSandbox(sandboxUrl, `/weixin/${key}/callback`, {
      url: callbackUrl(config.publicUrl, corpid, appId),
      ...keys,
    })
    if (kind === 'miniprogram')
      await putInSandbox(sandboxUrl, `/weixin/${key}/backend`, { url: `${config.publicUrl}/v1/mini-program/login` })
    if (!known.has(appId)) made.push({ id, kind: kinds[kind] })
  }
  return made
}

/** The same, and reads who follows already. */
export async function connectDemoAccounts(services: Services, sandboxUrl: string, corpId: number): Promise<void> {
  const corp = await services.db.selectFrom('corps').select('corpid').where('id', '=', corpId).executeTakeFirstOrThrow()
  for (const { id, kind } of await connectDemoWeixin(services, sandboxUrl, corpId, corp.corpid))
    if (kind === 'official_account') {
      await beginFollowers(services, corpId, id, 'system')
      await makeDemoMenu(services, sandboxUrl)
    }
}

/** The menu of the demo brand's Official Account, made over the interface as a brand does. */
async function makeDemoMenu({ log }: Services, sandboxUrl: string): Promise<void> {
  const { accounts } = weixinAnswer.parse(await (await fetch(`${sandboxUrl}/sandbox/weixin`)).json())
  const [service, shop] = [accounts.find(({ key }) => key === 'service'), accounts.find(({ key }) => key === 'shop')]
  if (service === undefined || shop === undefined) return
  const client = createWeixinClient({
    baseUrl: `${sandboxUrl}/weixin`,
    appId: service.appId,
    appKey: 'demo',
    secret: service.secret,
    tokens: memoryTokenStore(),
    budget: memoryBudget(),
  })
  const open = (name: string, pagepath: string) => ({
    ...{ type: 'miniprogram', name, appid: shop.appId, pagepath, url: 'https://mall.example.com/' },
  })
  const button = [
    open('鲜果商城', 'pages/index/index'),
    {
      name: '会员服务',
      sub_button: [open('我的订单', 'pages/order/order'), { type: 'click', name: '会员权益', key: 'MEMBER' }],
    },
    { type: 'click', name: '在线客服', key: 'SERVICE' },
  ]
  await client.menus
    .create({ button })
    .catch((error: unknown) => log.warn({ err: error }, 'the menu of the demo account could not be made'))
}
