import type { Callbacks } from './callbacks/callbacks.ts'
import type { Cards } from './cards.ts'
import type { SandboxClock } from './clock/clock.ts'
import type { Faults } from './faults/faults.ts'
import type { Tokens } from './http/tokens.ts'
import type { OauthCodes } from './oauth/codes.ts'
import type { Oracle } from './oracle/oracle.ts'
import type { Chats } from './people/chats.ts'
import type { WebViews } from './people/web-view.ts'
import type { Clicks } from './reach/clicks.ts'
import type { Reach } from './reach/reach.ts'
import type { SentMessages } from './sent.ts'
import type { SettingsStore } from './settings.ts'
import type { Statistics } from './statistics.ts'
import type { Weixin } from './weixin/weixin.ts'
import type { Welcomes } from './welcomes.ts'
import type { CorpApp } from './world/apps.ts'
import type { Visibility } from './world/visibility.ts'
import type { World } from './world/world.ts'

/** All parts of one emulated platform, for handlers and people to act on. */
export interface Platform {
  readonly clock: SandboxClock
  readonly world: World
  readonly apps: ReadonlyMap<string, CorpApp>
  readonly settings: SettingsStore
  readonly visibility: Visibility
  readonly tokens: Tokens
  readonly oauth: OauthCodes
  readonly faults: Faults
  readonly oracle: Oracle
  readonly chats: Chats
  readonly welcomes: Welcomes
  readonly sent: SentMessages
  readonly cards: Cards
  readonly callbacks: Callbacks
  readonly statistics: Statistics
  readonly weixin: Weixin
  readonly reach: Reach
  /** WeChat's own browser, opened by whoever plays a person. */
  readonly webViews: WebViews
  /** The same, opened by people who act by themselves. */
  readonly clicks: Clicks
  /** Where the outside reaches the sandbox, without a slash at the end: pictures and codes are there. */
  readonly address: { url: string }
}

/** The world's time in whole seconds, as the platform writes it. */
export const seconds = (platform: { clock: SandboxClock }): number => Math.floor(platform.clock.now() / 1000)
