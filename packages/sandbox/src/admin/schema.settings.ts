import { z } from 'zod'
import { ReachSettings } from './schema.reach.ts'

/** What stands in the console for one app of the corp. */
export const AppSettings = z.object({
  enabled: z.boolean(),
  /** 客户联系 → 可调用接口的应用 */
  callable: z.boolean(),
  /** 可见范围: departments count with all below them. */
  visible: z.object({ users: z.array(z.string()), departments: z.array(z.number().int()) }),
  /** 企业可信IP; null: none has to be set (apps from before 2022-06-20). An empty list refuses everyone (60020). */
  trustedIps: z.array(z.string()).nullable(),
  /** Exact host with port that OAuth may redirect to, e.g. `127.0.0.1:3000`; empty: any host. */
  redirectDomains: z.array(z.string()),
})
export type AppSettings = z.infer<typeof AppSettings>

/** What stands in the console or is true of one member; the defaults for everyone not named in `members`. */
export const MemberSettings = z.object({
  /** Has logged in once. */
  active: z.boolean(),
  /** Real-name verified; readable by no interface. */
  realName: z.boolean(),
  /** Has the customer-contact feature (使用范围). */
  followUser: z.boolean(),
  /** A welcome set in the platform's own console: adds then come without a welcome_code [92130]. */
  consoleWelcome: z.string().nullable(),
  /** Expanded from 5,000 to 20,000 customers. */
  expanded: z.boolean(),
  /** How he deals with what he is asked to send; null: as the seed has it. */
  confirms: z.enum(['prompt', 'late', 'never']).nullable(),
  /** Away: he confirms nothing until he is back, and then within a day. */
  onLeave: z.boolean(),
})
export type MemberSettings = z.infer<typeof MemberSettings>

/**
 * `GET /sandbox/settings`. Where the platform's pages are unverified or contradict each other there is a setting here,
 * set to the strict reading.
 */
export const Settings = z.object({
  platform: z.object({
    /** Added to every answer, machine time. */
    delayMs: z.number().min(0).max(60_000),
    delayJitterMs: z.number().min(0).max(60_000),
  }),
  limits: z.object({
    /** Count frequency by minute and hour (45009). */
    frequency: z.boolean(),
    /** Refuse concurrent listing and concurrent writes of one record (45033, 45035). */
    concurrency: z.boolean(),
    /** Numbers of the limit profile to be taken differently, by name. */
    overrides: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  }),
  corp: z.object({
    verified: z.boolean(),
    /** Developer account bound [92114]: then and only then WeChat customers have a unionid. */
    developerAccountBound: z.boolean(),
    /** Relations the corp may hold; null: what the limit profile grants, raised in steps to hold the people it started with. */
    relationCap: z.number().int().min(0).nullable(),
    /** Customer must agree to the message archive first: welcome answers 41053. */
    archiveConsentMissing: z.boolean(),
    linkedMiniPrograms: z.array(z.string()),
    /** `ca` industry: priority_option of links allowed (41200 otherwise). */
    linkPriorityAllowed: z.boolean(),
  }),
  /** Attempts, time-out, spacing and what is repeated stand in the limit profile: `limits.overrides` of `callback.*`. */
  callbacks: z.object({
    /** `any`: as they come, side by side. `serial`: one after another per app. */
    order: z.enum(['any', 'serial']),
    concurrency: z.number().int().min(1).max(2000),
  }),
  adds: z.object({
    /** Share of code adds under 免验证 that come as half adds first. */
    halfShare: z.number().min(0).max(1),
    /** The member confirms a half add by himself after so long (sandbox time); null: only when told to. */
    acceptAfterMs: z.number().min(0).nullable(),
  }),
  welcome: z.object({
    /** How long the platform is busy sending one welcome: another app's call then answers 41096. Machine time, besides `platform.delayMs`. */
    sendingMs: z.number().min(0).max(20_000),
  }),
  weixin: z.object({
    /** By account (`service`, `shop`): bound to the brand's open-platform account, and so showing unionids. */
    bound: z.record(z.string(), z.boolean()),
    /** IP white list of all accounts; null: none is asked (40164). */
    ipWhitelist: z.array(z.string()).nullable(),
    /** The mini program has a published version (85079 otherwise). */
    published: z.boolean(),
    /** Its published pages, the home page first. */
    pages: z.array(z.string()).min(1),
    /** 网页授权域名: exact hosts that web authorisation may lead back to; empty: any. */
    redirectDomains: z.array(z.string()),
    /** Pages are opened as WeChat's snapshots: whoever lets himself be known is a virtual person (`is_snapshotuser`). */
    snapshotPages: z.boolean(),
  }),
  readings: z.object({
    /** Repeated gettoken answers the same token until it expires (unverified [91039]). */
    sameTokenUntilExpiry: z.boolean(),
    /** externalcontact/list of a member without customers answers 84061 (unverified) instead of an empty list. */
    emptyListIs84061: z.boolean(),
    /** snsapi_privateinfo without agentid is an error (otherwise treated as base). */
    privateInfoNeedsAgent: z.boolean(),
    /** Wrong secrets of one IP, one after another, that ban it for an hour (no number is published). */
    wrongSecretsToBan: z.number().int().min(1),
    /** Links a corp may have (41095; no number is published). */
    linkCap: z.number().int().min(1),
    /** Moments of a corp that may be in the making at once (41078; no number is published). */
    momentJobs: z.number().int().min(1),
    /**
     * Which taps of a card its app may answer in the callback itself: a hidden line of [90241] says that those of buttons,
     * which the page offers, are not looked at.
     */
    cardReplies: z.enum(['all', 'menu']),
  }),
  reach: ReachSettings,
  apps: z.record(z.string(), AppSettings),
  memberDefaults: MemberSettings,
  /** Members who differ from the defaults. */
  members: z.record(z.string(), MemberSettings.partial()),
})
export type Settings = z.infer<typeof Settings>

/**
 * `PATCH /sandbox/settings`: objects are merged, lists and values replaced; `members.<userid>: null` and
 * `limits.overrides.<name>: null` put the default back. Answers the whole settings.
 */
export const SettingsPatch = z.object({
  platform: Settings.shape.platform.partial().optional(),
  limits: z
    .object({
      frequency: z.boolean(),
      concurrency: z.boolean(),
      overrides: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])),
    })
    .partial()
    .optional(),
  corp: Settings.shape.corp.partial().optional(),
  callbacks: Settings.shape.callbacks.partial().optional(),
  adds: Settings.shape.adds.partial().optional(),
  welcome: Settings.shape.welcome.partial().optional(),
  weixin: Settings.shape.weixin.partial().optional(),
  readings: Settings.shape.readings.partial().optional(),
  reach: ReachSettings.partial().optional(),
  apps: z.record(z.string(), AppSettings.partial()).optional(),
  memberDefaults: MemberSettings.partial().optional(),
  members: z.record(z.string(), MemberSettings.partial().nullable()).optional(),
})
export type SettingsPatch = z.infer<typeof SettingsPatch>
