import type { WeixinCallback } from '../admin/schema.weixin.ts'
import type { SandboxClock } from '../clock/clock.ts'
import type { SettingsStore } from '../settings.ts'
import type { IdMaker } from '../world/ids.ts'
import type { World } from '../world/world.ts'
import { createAccounts, type WeixinAccount } from './accounts.ts'
import { type Backends, createBackends } from './backends.ts'
import { createWeixinCallbacks, type WeixinCallbackParts, type WeixinCallbacks } from './callbacks.ts'
import { createDesk, type Desk, type DeskState } from './desk.ts'
import { createFollowers, type Follow, type Followers } from './followers.ts'
import { createGrants, type Grants } from './grants.ts'
import { createLogins, type Logins } from './logins.ts'
import type { MenuBookState } from './menu-book.ts'
import { createScenes, type Scene, type Scenes } from './scenes.ts'
import { createShop, type Shop, type ShopState } from './shop/shop.ts'
import { createTally, type Tally } from './tally.ts'
import { createWeixinTokens, type WeixinTokens, type WeixinTokensState } from './tokens.ts'

/** A page of a mini program that a code or a link leads to. */
export interface Target {
  readonly page: string
  /** As in the address, `a=1&b=2`; of a code `scene=…`, encoded. */
  readonly query: string
  readonly untilMs: number | null
}

/** The side of WeChat: Official Accounts, mini programs, and what people do there. */
export interface Weixin {
  readonly accounts: ReadonlyMap<string, WeixinAccount>
  readonly tokens: WeixinTokens
  readonly followers: Followers
  readonly scenes: Scenes
  readonly desk: Desk
  readonly logins: Logins
  readonly grants: Grants
  readonly callbacks: WeixinCallbacks
  readonly shop: Shop
  readonly backends: Backends
  readonly tally: Tally
  /** Ids of messages by the sender's own id, so that a repetition is not sent twice. */
  readonly sentOnce: Map<string, string>
  newMessageId(): string
  /** Only of an account that is bound to the brand's open-platform account; the same for all that are. */
  unionIdOf(account: WeixinAccount, customer: number): string | undefined
  wxacodeContent(account: WeixinAccount, page: string, scene: string): string
  addLink(account: WeixinAccount, target: Target): string
  /** The mini program and page behind a code or a link; undefined for anything else. */
  target(content: string): { account: WeixinAccount; target: Target } | undefined
  dump(): WeixinState
  load(state: WeixinState): void
}

export interface WeixinState {
  readonly callbacks: Readonly<Record<string, WeixinCallback>>
  readonly backends?: Readonly<Record<string, string>>
  readonly menus?: Readonly<Record<string, MenuBookState>>
  readonly tokens: WeixinTokensState
  readonly follows: readonly (readonly [number, Follow])[]
  readonly scenes: readonly Scene[]
  readonly desk: DeskState
  readonly links: readonly (readonly [string, string, Target])[]
  readonly messages: number
  readonly shop: ShopState
}

const CODE_START = 'https://mp.weixin.qq.com/a/~'
const LINK_START = 'https://wxaurl.cn/'
const FIRST_MESSAGE = 200_000_000

export interface WeixinParts extends Omit<WeixinCallbackParts, 'tally'> {
  clock: SandboxClock
  settings: SettingsStore
  world: World
  seededPeople: number
  madeAtS: number
  newId: IdMaker
}

export function createWeixin(parts: WeixinParts): Weixin {
  const { clock, settings, world, newId } = parts
  const { customers } = world
  const accounts = createAccounts(world.seed)
  const links = new Map<string, { account: WeixinAccount; target: Target }>()
  let messages = 0
  const tokens = createWeixinTokens(clock, settings, newId)
  const scenes = createScenes(newId)
  const desk = createDesk(clock, settings)
  const followers = createFollowers({
    seed: world.seed,
    seeded: parts.seededPeople,
    madeAtS: parts.madeAtS,
    count: () => customers.count,
    isWecom: customers.isWecom,
  })
  const tally = createTally(clock.now)
  const shop = createShop({ clock, poster: parts.poster, departments: world.departments, seed: world.seed, tally })
  return {
    accounts,
    tokens,
    followers,
    scenes,
    desk,
    shop,
    logins: createLogins(clock, settings, newId),
    grants: createGrants(clock, settings, newId),
    backends: createBackends(parts.poster),
    tally,
    callbacks: createWeixinCallbacks({ ...parts, tally }),
    sentOnce: new Map(),
    newMessageId: () => String(FIRST_MESSAGE + ++messages),
    unionIdOf: (account, customer) =>
      settings.value.weixin.bound[account.appKey] === true ? customers.unionId(customer) : undefined,
    wxacodeContent: (account, page, scene) =>
      `${CODE_START}${account.appId}?${new URLSearchParams({ page, query: `scene=${encodeURIComponent(scene)}` })}`,
    addLink(account, target) {
      const url = `${LINK_START}${newId('', 11)}`
      links.set(url, { account, target })
      return url
    },
    target(content) {
      const link = links.get(content)
      if (link !== undefined) return link
      if (!content.startsWith(CODE_START)) return undefined
      const { pathname, searchParams } = new URL(content)
      const account = [...accounts.values()].find((one) => pathname.endsWith(`~${one.appId}`))
      const [page, query] = [searchParams.get('page') ?? '', searchParams.get('query') ?? '']
      return account === undefined ? undefined : { account, target: { page, query, untilMs: null } }
    },
    dump: () => ({
      callbacks: Object.fromEntries(
        [...accounts.values()].flatMap(({ appKey, callback }) => (callback === undefined ? [] : [[appKey, callback]])),
      ),
      backends: Object.fromEntries(
        [...accounts.values()].flatMap(({ appKey, backend }) => (backend === undefined ? [] : [[appKey, backend]])),
      ),
      menus: Object.fromEntries([...accounts.values()].map((one) => [one.appKey, one.menus.dump()])),
      tokens: tokens.dump(),
      follows: followers.dump(),
      scenes: scenes.dump(),
      desk: desk.dump(),
      links: [...links].map(([url, { account, target }]) => [url, account.appKey, target]),
      messages,
      shop: shop.dump(),
    }),
    load(state) {
      for (const account of accounts.values()) {
        account.callback = state.callbacks[account.appKey]
        account.backend = state.backends?.[account.appKey]
        const menus = state.menus?.[account.appKey]
        if (menus !== undefined) account.menus.load(menus)
      }
      tokens.load(state.tokens)
      followers.load(state.follows)
      scenes.load(state.scenes)
      desk.load(state.desk)
      for (const [url, appKey, target] of state.links) {
        const account = accounts.get(appKey)
        if (account !== undefined) links.set(url, { account, target })
      }
      messages = state.messages
      shop.load(state.shop)
    },
  }
}
