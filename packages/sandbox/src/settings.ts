import { isLimitName, type LimitOverrides, type LimitProfile, limitProfile } from '@nuanyu/wecom'
import type { MemberSettings, Settings, SettingsPatch } from './admin/schema.settings.ts'

/** The console of the emulated platform: what an administrator may switch, and how unclear pages are read. */
export interface SettingsStore {
  readonly value: Settings
  /** Grows with every change. */
  readonly version: number
  readonly limits: LimitProfile
  member(userid: string): MemberSettings
  patch(patch: SettingsPatch): void
  /** Puts back what was kept; settings that are new since keep their defaults. */
  restore(kept: Settings): void
}

/** Every setting on its strict side. */
export function defaultSettings(): Settings {
  const app = {
    enabled: true,
    callable: true,
    visible: { users: [], departments: [1] },
    trustedIps: null,
    redirectDomains: [],
  }
  return {
    platform: { delayMs: 0, delayJitterMs: 0 },
    limits: { frequency: true, concurrency: true, overrides: {} },
    corp: {
      verified: true,
      developerAccountBound: true,
      relationCap: null,
      archiveConsentMissing: false,
      linkedMiniPrograms: ['wx8f2a7d3c1b5e4f60'],
      linkPriorityAllowed: false,
    },
    callbacks: { order: 'any', concurrency: 256 },
    adds: { halfShare: 0, acceptAfterMs: null },
    welcome: { sendingMs: 0 },
    weixin: {
      bound: { service: true, shop: true },
      ipWhitelist: null,
      published: true,
      pages: [
        'pages/index/index',
        'pages/product/product',
        'pages/cart/cart',
        'pages/order/order',
        'pages/member/member',
      ],
      redirectDomains: [],
      snapshotPages: false,
    },
    readings: {
      sameTokenUntilExpiry: true,
      emptyListIs84061: true,
      privateInfoNeedsAgent: true,
      wrongSecretsToBan: 5,
      linkCap: 3000,
      momentJobs: 10,
      cardReplies: 'all',
    },
    reach: {
      lastChatRule: 'always',
      overCap: 'status3',
      ownBroadcastsOnly: true,
      dispatchMs: 3_000,
      listedAfterMs: 0,
      habits: { prompt: 0.6, late: 0.3 },
      promptMinutes: 60,
      lateHours: 30,
      hours: { from: 9, to: 21 },
      leavesOut: 0.1,
      appeals: [{ contains: '', reads: 0.6, clicks: 0.1, buys: 0.02, deletes: 0.002 }],
      moments: { looks: 0.3, likes: 0.1, comments: 0.03 },
      ownSendsPerDay: 0,
      buysPerDay: 0,
    },
    apps: { nuanyu: { ...app }, crm: { ...app }, contacts: { ...app, callable: false } },
    memberDefaults: {
      active: true,
      realName: true,
      followUser: true,
      consoleWelcome: null,
      expanded: false,
      confirms: null,
      onLeave: false,
    },
    members: {},
  }
}

export function createSettings(initial: SettingsPatch = {}): SettingsStore {
  let value = defaultSettings()
  let version = 0
  let limits = limitProfile(value.limits.overrides)

  const store: SettingsStore = {
    get value() {
      return value
    },
    get version() {
      return version
    },
    get limits() {
      return limits
    },
    member: (userid) => ({ ...value.memberDefaults, ...given(value.members[userid.toLowerCase()]) }),
    patch(patch) {
      const next = merged(value, patch)
      // A wrong name or kind must leave everything as it was.
      const nextLimits = limitProfile(knownLimits(next.limits.overrides))
      value = next
      limits = nextLimits
      version++
    },
    restore: (kept) => store.patch(kept),
  }
  store.patch(initial)
  return store
}

function merged(before: Settings, patch: SettingsPatch): Settings {
  const apps = { ...before.apps }
  for (const [appKey, change] of Object.entries(patch.apps ?? {})) {
    const known = apps[appKey]
    if (known === undefined) throw new TypeError(`there is no app ${appKey}; apps: ${Object.keys(apps).join(', ')}`)
    apps[appKey] = { ...known, ...given(change) }
  }
  const members = { ...before.members }
  for (const [userid, change] of Object.entries(patch.members ?? {})) {
    const key = userid.toLowerCase()
    if (change === null) delete members[key]
    else members[key] = { ...members[key], ...given(change) }
  }
  const overrides = { ...before.limits.overrides }
  for (const [name, number] of Object.entries(patch.limits?.overrides ?? {})) {
    if (number === null) delete overrides[name]
    else overrides[name] = number
  }
  return {
    platform: { ...before.platform, ...given(patch.platform) },
    limits: { ...before.limits, ...given(patch.limits), overrides },
    corp: { ...before.corp, ...given(patch.corp) },
    callbacks: { ...before.callbacks, ...given(patch.callbacks) },
    adds: { ...before.adds, ...given(patch.adds) },
    welcome: { ...before.welcome, ...given(patch.welcome) },
    weixin: { ...before.weixin, ...given(patch.weixin), bound: { ...before.weixin.bound, ...patch.weixin?.bound } },
    readings: { ...before.readings, ...given(patch.readings) },
    reach: { ...before.reach, ...given(patch.reach) },
    apps,
    memberDefaults: { ...before.memberDefaults, ...given(patch.memberDefaults) },
    members,
  }
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** Without the keys that say nothing: `undefined` must not overwrite a value. */
function given<T extends object>(part: T | undefined): Given<T> {
  const kept: Given<T> = {}
  for (const key in part) {
    const value = part[key]
    if (value !== undefined) kept[key] = value as Exclude<T[typeof key], undefined>
  }
  return kept
}

/** Names are checked here, kinds of values by the profile itself. */
function knownLimits(overrides: Record<string, number | string | boolean>): LimitOverrides {
  for (const name of Object.keys(overrides))
    if (!isLimitName(name)) throw new TypeError(`there is no limit named ${name}`)
  return overrides as LimitOverrides
}
