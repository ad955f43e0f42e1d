import type { WeixinCallback } from '../admin/schema.weixin.ts'
import { hash } from '../random.ts'
import { codec, fixedText } from '../world/identity.ts'
import { createMenuBook, type MenuBook } from './menu-book.ts'

/** An Official Account or a mini program of the brand. */
export interface WeixinAccount {
  /** Its name in the admin interface: `service` or `shop`. */
  readonly appKey: string
  readonly kind: 'official' | 'miniprogram'
  readonly appId: string
  /** `gh_…`, which stands in callbacks. */
  readonly originalId: string
  readonly name: string
  readonly secret: string
  readonly templates: readonly AccountTemplate[]
  /** Of an Official Account. */
  readonly menus: MenuBook
  callback: WeixinCallback | undefined
  /** Of a mini program: where it logs its visitors in, with the code of `wx.login`. */
  backend: string | undefined
  /** A person as this account sees him, and back; nothing is stored. */
  openId(customer: number): string
  customerOf(openId: string): number | undefined
}

/** A template of messages; `template` ones go to followers, `subscribe` ones to whoever agreed, one message an agreement. */
export interface AccountTemplate {
  readonly id: string
  readonly title: string
  readonly fields: readonly string[]
  readonly use: 'template' | 'subscribe'
}

type Use = AccountTemplate['use']
const TEMPLATES: Readonly<Record<string, readonly (readonly [string, readonly string[], Use])[]>> = {
  service: [
    ['订单发货通知', ['thing1', 'character_string2', 'time3'], 'template'],
    ['会员积分变动提醒', ['thing1', 'number2', 'time3'], 'template'],
    ['优惠券到期提醒', ['thing1', 'amount2', 'time3'], 'template'],
    ['活动开始提醒', ['thing1', 'time2'], 'subscribe'],
  ],
  shop: [
    ['取货提醒', ['thing1', 'character_string2', 'time3'], 'subscribe'],
    ['到货提醒', ['thing1', 'amount2'], 'subscribe'],
    ['退款通知', ['amount1', 'thing2'], 'subscribe'],
  ],
}

/** The accounts of the demo brand: a service account (服务号) and the mini program of its shop. */
export function createAccounts(seed: number): ReadonlyMap<string, WeixinAccount> {
  const make = (appKey: string, kind: WeixinAccount['kind'], appId: string, name: string, n: number): WeixinAccount => {
    const open = codec(hash(seed, 200 + n), `o${fixedText(`${seed}:open:${appKey}`, 15)}`)
    return {
      appKey,
      kind,
      appId,
      originalId: `gh_${fixedText(`${seed}:gh:${appKey}`, 12).toLowerCase()}`,
      name,
      secret: fixedText(`${seed}:weixin:${appKey}`, 32).toLowerCase(),
      templates: (TEMPLATES[appKey] ?? []).map(([title, fields, use]) => ({
        id: fixedText(`${seed}:template:${appKey}:${title}`, 43),
        title,
        fields,
        use,
      })),
      menus: createMenuBook(),
      callback: undefined,
      backend: undefined,
      openId: open.encode,
      customerOf: open.decode,
    }
  }
  const service = make('service', 'official', 'wx5d1e7c9a3b2f4860', '鲜果连锁', 0)
  const shop = make('shop', 'miniprogram', 'wx8f2a7d3c1b5e4f60', '鲜果商城', 1)
  return new Map([service, shop].map((account) => [account.appKey, account]))
}
