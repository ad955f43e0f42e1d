import { formatWeixinEvent, sealWeixinCallback, type WeixinEvent } from '@nuanyu/wecom'
import { sql } from 'kysely'
import { z } from 'zod'
import { connectDemoShop } from './demo/shop-connector.ts'
import { connectDemoWeixin } from './demo/weixin.ts'
import { createCustomerUpkeep } from './domains/customers/index.ts'
import { recordTouches } from './domains/reach/index.ts'
import { createWeixinUpkeep } from './domains/weixin/index.ts'
import { untilFollowed } from './infra/events/testing.ts'
import { createVisitors } from './infra/http/testing.ts'
import { pathStage } from './path-stage.ts'

const made = z.object({ id: z.string(), externalUserId: z.string(), unionId: z.string() })
export type Made = z.output<typeof made>

/** The demo brand with its Official Account, its mini program and its shop, all at the sandbox, whose clock stands. */
export async function weixinStage() {
  const stage = await pathStage({ sandbox: { people: 20, staff: 12, clock: { paused: true } } })
  const { db } = stage.database
  const { services } = stage
  const corp = await db.selectFrom('corps').selectAll().executeTakeFirstOrThrow()
  const sandboxUrl = stage.sandboxUrl ?? ''
  const here = { ...services, config: { ...services.config, publicUrl: stage.url } }
  await connectDemoWeixin(here, sandboxUrl, corp.id, corp.corpid)
  await connectDemoShop(here, sandboxUrl, corp.id)
  const upkeep = createWeixinUpkeep(services, recordTouches)
  const customers = createCustomerUpkeep(services)
  const visitors = createVisitors(stage.http, services)
  async function admin(path: string, body: unknown = {}): Promise<unknown> {
    const answer = await fetch(`${sandboxUrl}/sandbox${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return answer.json()
  }
  const newcomer = async (name: string) => made.parse(await admin('/people', { role: 'customer', name }))
  async function sceneCode(scene: string): Promise<string> {
    const account = await accountOf('official_account')
    const token = z.object({ access_token: z.string() }).parse(
      await (
        await fetch(`${sandboxUrl}/weixin/cgi-bin/stable_token`, {
          method: 'POST',
          body: JSON.stringify({ grant_type: 'client_credential', appid: account.appid, secret: account.secret }),
        })
      ).json(),
    ).access_token
    const answer = await fetch(`${sandboxUrl}/weixin/cgi-bin/qrcode/create?access_token=${token}`, {
      method: 'POST',
      body: JSON.stringify({ action_name: 'QR_STR_SCENE', action_info: { scene: { scene_str: scene } } }),
    })
    return z.object({ url: z.string() }).parse(await answer.json()).url
  }
  async function accountOf(kind: string) {
    const row = await db
      .selectFrom('weixin_accounts')
      .selectAll()
      .where('kind', '=', kind)
      .where('corp_id', '=', corp.id)
      .executeTakeFirstOrThrow()
    const open = (sealed: Buffer | null) => (sealed === null ? '' : services.vault.open(sealed))
    return {
      ...{ id: row.id, appid: row.appid, secret: open(row.secret_sealed) },
      ...{ token: open(row.token_sealed), aesKey: open(row.aes_key_sealed) },
    }
  }

  /** Everything that was told is handled, and everybody is known. */
  async function settled(): Promise<void> {
    await stage.settled()
    await upkeep.pass()
    await untilFollowed(db, 'customers.freshness', () => customers.pass())
    await customers.pass()
  }
  async function homeOf(kind: string, value: string): Promise<number> {
    const { rows } = await sql<{ root: number }>`
      select coalesce(c.merged_into, c.id) as root from identities i join customers c on c.id = i.customer_id
      where i.corp_id = ${corp.id} and i.kind like ${kind} and i.value = ${value}`.execute(db)
    return rows[0]?.root ?? 0
  }
  const openidOf = async (person: Made, key: string) => {
    const answer = await (await fetch(`${sandboxUrl}/sandbox/people/${person.id}/weixin`)).json()
    const { accounts } = z
      .object({ accounts: z.array(z.object({ key: z.string(), openId: z.string() })) })
      .parse(answer)
    return accounts.find((one) => one.key === key)?.openId ?? ''
  }

  async function send(event: WeixinEvent, over: { token?: string; aesKey?: string; appid?: string } = {}) {
    const account = await accountOf('official_account')
    const keys = { token: over.token ?? account.token, aesKey: over.aesKey ?? account.aesKey, appId: account.appid }
    const timestamp = Math.floor(stage.clock.now().getTime() / 1000)
    const sealed = sealWeixinCallback({
      ...keys,
      ...{ xml: formatWeixinEvent(event), openId: event.openId, timestamp, nonce: 'n1' },
    })
    const address = `${stage.url}/callbacks/weixin/${corp.corpid}/${over.appid ?? account.appid}`
    return fetch(`${address}?${new URLSearchParams(sealed.query)}`, { method: 'POST', body: sealed.body })
  }

  return {
    ...{ stage, db, services, corp, sandboxUrl, here, upkeep, visitors },
    ...{ admin, newcomer, sceneCode, accountOf, settled, homeOf, openidOf, send },
  }
}
