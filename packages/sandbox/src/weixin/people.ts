import type { MenuLeaf } from '@nuanyu/wecom'
import { refuse } from '../admin/refusal.ts'
import type { OpenedMiniprogram, PersonWeixin } from '../admin/schema.weixin.ts'
import { opengidOf } from '../handlers/conversion.ts'
import { customerId } from '../people/chats.ts'
import { type Platform, seconds } from '../platform.ts'
import type { WeixinAccount } from './accounts.ts'
import type { Opener } from './logins.ts'
import type { Scene } from './scenes.ts'
import type { Buyer } from './shop/shop.ts'

const VIA = {
  search: 'ADD_SCENE_SEARCH',
  card: 'ADD_SCENE_PROFILE_CARD',
  article: 'ADD_SCENE_PROFILE_LINK',
  payment: 'ADD_SCENE_PAID',
  other: 'ADD_SCENE_OTHERS',
  code: 'ADD_SCENE_QR_CODE',
} as const

/** The brand's account of a kind; the demo brand has one of each. */
function accountOf({ weixin }: Platform, key: 'service' | 'shop'): WeixinAccount {
  const account = weixin.accounts.get(key)
  if (account === undefined) throw new Error(`the sandbox has no account ${key}`)
  return account
}

/** He follows, by himself or by a code; nothing happens when he does already. */
export function follow(platform: Platform, customer: number, via: keyof typeof VIA, scene?: Scene): void {
  const { weixin, world } = platform
  if (world.customers.isWecom(customer))
    throw refuse(409, 'not_wechat', 'a person of another corp has no WeChat here', '其他企业的人不使用个人微信')
  const account = accountOf(platform, 'service')
  if (weixin.followers.of(customer)?.following === true) return
  weixin.followers.set(customer, {
    following: true,
    atS: seconds(platform),
    scene: VIA[via],
    qrScene: scene?.scene ?? '',
    qrIsText: scene?.isText ?? false,
  })
  weixin.desk.open(account.appKey, customer, 'event')
  const by = scene === undefined ? {} : { eventKey: `qrscene_${scene.scene}`, ticket: scene.ticket }
  weixin.callbacks.announce(account, customer, { kind: 'oa.subscribed', ...by })
}

export function unfollow(platform: Platform, customer: number): void {
  const { weixin } = platform
  const known = weixin.followers.of(customer)
  if (known?.following !== true)
    throw refuse(409, 'not_following', 'this person does not follow the account', '该用户没有关注公众号')
  weixin.followers.set(customer, { ...known, following: false })
  weixin.callbacks.announce(accountOf(platform, 'service'), customer, { kind: 'oa.unsubscribed' })
}

/** The code with a scene behind a content; refuses one that has ended. */
export function livingScene(platform: Platform, content: string): Scene | undefined {
  const scene = platform.weixin.scenes.read(content)
  if (scene?.expiresMs != null && scene.expiresMs <= platform.clock.now())
    throw refuse(409, 'code_expired', 'this temporary code is over', '二维码已失效')
  return scene
}

/** A scan follows; of a follower it is told as SCAN. */
export function scanScene(platform: Platform, customer: number, content: string): void {
  const scene = livingScene(platform, content)
  if (scene === undefined)
    throw refuse(404, 'code_unknown', 'this is no code of the Official Account', '这不是公众号的带参二维码')
  const { weixin } = platform
  if (weixin.followers.of(customer)?.following !== true) {
    follow(platform, customer, 'code', scene)
    return
  }
  const account = accountOf(platform, 'service')
  weixin.desk.open(account.appKey, customer, 'event')
  const told = { kind: 'oa.scanned' as const, eventKey: scene.scene, ticket: scene.ticket }
  weixin.callbacks.announce(account, customer, told)
}

function followed(platform: Platform, customer: number): WeixinAccount {
  if (platform.weixin.followers.of(customer)?.following !== true)
    throw refuse(409, 'not_following', 'follow the account first', '请先关注公众号')
  return accountOf(platform, 'service')
}

export function writeToAccount(platform: Platform, customer: number, text: string) {
  const account = followed(platform, customer)
  const { chats, clock, weixin, world } = platform
  const me = customerId(customer)
  const content = { type: 'text' as const, content: text }
  const message = {
    atMs: clock.now(),
    from: me,
    fromName: world.customers.name(customer),
    source: 'person' as const,
    body: content,
  }
  const posted = chats.post(chats.app(account.appKey, me), message, [me])
  weixin.desk.open(account.appKey, customer, 'reply')
  const messageId = weixin.newMessageId()
  weixin.callbacks.announce(account, customer, { kind: 'oa.text_received', content: text, messageId })
  return posted
}

/** A tap on a button of the menu that he sees: by its key, its address, or the page of the mini program it opens. */
export function tapMenu(
  platform: Platform,
  customer: number,
  tap: { key?: string | undefined; url?: string | undefined; pagepath?: string | undefined },
): void {
  const account = followed(platform, customer)
  const { weixin } = platform
  const menu = account.menus.seenBy(customer)
  const leaves: readonly MenuLeaf[] = (menu?.button ?? []).flatMap((one) =>
    one.sub_button === undefined || one.sub_button.length === 0 ? [one] : one.sub_button,
  )
  const button = leaves.find((leaf) =>
    tap.pagepath !== undefined
      ? leaf.type === 'miniprogram' && leaf.pagepath === tap.pagepath
      : tap.url === undefined
        ? leaf.key === tap.key
        : leaf.type === 'view' && leaf.url === tap.url,
  )
  if (menu === undefined || button === undefined)
    throw refuse(409, 'no_such_button', 'his menu has no such button', '他看到的菜单里没有这个按钮')
  weixin.desk.open(account.appKey, customer, 'event')
  // which of several menus it was is told where there are several
  const menuId = account.menus.conditional.length === 0 ? {} : { menuId: String(menu.menuid) }
  const told =
    button.type === 'miniprogram'
      ? { kind: 'oa.menu_miniprogram' as const, eventKey: button.pagepath ?? '', ...menuId }
      : button.type === 'view'
        ? { kind: 'oa.menu_viewed' as const, eventKey: button.url ?? '', ...menuId }
        : { kind: 'oa.menu_clicked' as const, eventKey: button.key ?? '' }
  weixin.callbacks.announce(account, customer, told)
}

/** Opens the mini program and gives a code to log in with. */
export function openMiniprogram(
  platform: Platform,
  visitor: Opener,
  { content, chatId }: { content?: string | undefined; chatId?: string | undefined },
): OpenedMiniprogram {
  const { clock, settings, weixin, world } = platform
  const found = content === undefined ? undefined : weixin.target(content)
  if (content !== undefined && found === undefined)
    throw refuse(404, 'code_unknown', 'this is no code or link of the mini program', '这不是小程序码或小程序链接')
  if (found?.target.untilMs != null && found.target.untilMs <= clock.now())
    throw refuse(409, 'link_expired', 'this link is over', '链接已失效')
  if (chatId !== undefined && world.groups.get(chatId) === undefined)
    throw refuse(404, 'group_unknown', `there is no group ${chatId}`, '没有这个群')
  const account = found?.account ?? accountOf(platform, 'shop')
  if ('customer' in visitor) weixin.tally.note('mini_program.opened', visitor.customer)
  return {
    account: account.appKey,
    appId: account.appId,
    page: found?.target.page ?? settings.value.weixin.pages[0] ?? '',
    query: found?.target.query ?? '',
    code: weixin.logins.issue(account.appKey, visitor),
    ...(chatId === undefined ? {} : { opengid: opengidOf(world.seed, chatId) }),
  }
}

export function buyerOf(platform: Platform, customer: number): Buyer {
  const account = accountOf(platform, 'shop')
  return { customer, openId: account.openId(customer), unionId: platform.weixin.unionIdOf(account, customer) }
}

export function standing(platform: Platform, customer: number): PersonWeixin {
  const { weixin } = platform
  const accounts = [...weixin.accounts.values()].map((account) => {
    const unionId = weixin.unionIdOf(account, customer)
    const known = account.kind === 'official' ? weixin.followers.of(customer) : undefined
    const consents = account.templates
      .map(({ id }) => [id, weixin.desk.consents(account.appKey, customer, id)] as const)
      .filter(([, count]) => count > 0)
    return {
      key: account.appKey,
      openId: account.openId(customer),
      ...(unionId === undefined ? {} : { unionId }),
      ...(account.kind === 'official' ? { following: known?.following ?? false } : {}),
      ...(known === undefined ? {} : { followedMs: known.atS * 1000, scene: known.scene, qrScene: known.qrScene }),
      consents: Object.fromEntries(consents),
      refused: account.templates
        .filter(({ id }) => weixin.desk.refuses(account.appKey, customer, { template: id }))
        .map(({ id }) => id),
      blocked: weixin.desk.refuses(account.appKey, customer, 'all'),
      ...(account.kind === 'official' ? { menu: menuShown(account, customer) } : {}),
    }
  })
  return { accounts }
}

/** The menu as his phone shows it; empty: there is none, and he writes. */
function menuShown({ menus }: WeixinAccount, customer: number): NonNullable<PersonWeixin['accounts'][number]['menu']> {
  const shown = ({ name, type, key, url, appid, pagepath }: MenuLeaf) => ({ name, type, key, url, appid, pagepath })
  return (menus.seenBy(customer)?.button ?? []).map((button) => ({
    ...shown(button),
    below: (button.sub_button ?? []).map(shown),
  }))
}
