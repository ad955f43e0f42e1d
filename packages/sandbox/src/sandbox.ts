import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SettingsPatch } from './admin/schema.settings.ts'
import { createCallbacks } from './callbacks/callbacks.ts'
import { createPoster } from './callbacks/post.ts'
import { createCards } from './cards.ts'
import { type ClockOptions, createClock, monotonicNow, type SandboxClock } from './clock/clock.ts'
import { createFaults } from './faults/faults.ts'
import { createListener } from './http/listener.ts'
import { createTokens } from './http/tokens.ts'
import { createOauthCodes } from './oauth/codes.ts'
import { createOracle, type Oracle } from './oracle/oracle.ts'
import { buyQuota } from './people/acquisition.ts'
import { createChats } from './people/chats.ts'
import { playPrologue } from './people/prologue.ts'
import { createWebViews } from './people/web-view.ts'
import type { Platform } from './platform.ts'
import { hash } from './random.ts'
import { arrive } from './reach/arriving.ts'
import { createClicks } from './reach/clicks.ts'
import { liveEveryDay } from './reach/days.ts'
import { createReach } from './reach/reach.ts'
import { createScenarios, type Scenarios } from './scenarios/scenarios.ts'
import { createSentMessages } from './sent.ts'
import { createSettings } from './settings.ts'
import { captureState, restoreState } from './state/capture.ts'
import { keepState, loadState } from './state/keeper.ts'
import { createStatistics, dayStart } from './statistics.ts'
import { showAnswer } from './weixin/reach.ts'
import { createWeixin } from './weixin/weixin.ts'
import { createWelcomes } from './welcomes.ts'
import { createApps } from './world/apps.ts'
import { BRAND_LINK_QUOTA } from './world/brand.ts'
import { idMaker } from './world/ids.ts'
import { createVisibility } from './world/visibility.ts'
import { createWorld, type World } from './world/world.ts'

export interface SandboxOptions {
  /** The same seed makes the same people, ids and stories. Default `demo`. */
  seed?: string
  /** Scenario to start at once. */
  scenario?: string
  /** Customers. Default 320. */
  people?: number
  /** Members of the corp. Default 48. */
  staff?: number
  /** Follow relations. Default 1.4 times the customers. */
  relations?: number
  clock?: ClockOptions
  /** What differs from the strict defaults; overridable later over the admin interface. */
  settings?: SettingsPatch
  /** Folder of the built phone, served at `/`. */
  phone?: string
  /**
   * File in which the state is kept, so that the next start with the same seed and size goes on with the same people,
   * codes, chats and time. Written about a second after a change; without it everything is forgotten.
   */
  stateFile?: string
  /** Address under which others reach it, when that is not where it listens. */
  publicUrl?: string
}

/** The emulated platform: listen, then call it like the real one. */
export interface Sandbox {
  /** Port 0 takes a free one. */
  listen(options: { port: number; host?: string }): Promise<{ url: string; port: number }>
  close(): Promise<void>
  readonly world: World
  readonly clock: SandboxClock
  readonly oracle: Oracle
  readonly platform: Platform
  readonly scenarios: Scenarios
  /** Resolves when no callback is on its way. */
  settled(): Promise<void>
}

const MOST_SOCKETS = 512
const DAY_S = 86_400

/** Makes a sandbox; nothing listens until `listen`. Throws a TypeError for settings that cannot be. */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const seed = options.seed ?? 'demo'
  const people = options.people ?? 320
  const size = { staff: options.staff ?? 48, people, relations: options.relations ?? Math.round(people * 1.4) }
  const kept = options.stateFile === undefined ? undefined : loadState(options.stateFile, seed, size)
  const clock = createClock(kept === undefined ? options.clock : goOn(options.clock, kept.nowMs))
  const madeAtS = kept?.madeAtS ?? Math.floor(clock.now() / 1000)
  const world = createWorld({ seed, size, nowS: madeAtS })
  const settings = createSettings(options.settings)
  const apps = createApps(world.seed)
  const visibility = createVisibility(world, settings)
  const oracle = createOracle(clock)
  const faults = createFaults(world.seed, (fault) => oracle.emit({ event: 'fault', data: fault }))
  const newSecret = idMaker(hash(world.seed, 11))
  const poster = createPoster(MOST_SOCKETS)
  const weixin = createWeixin({
    seed: world.seed,
    clock,
    settings,
    faults,
    oracle,
    poster,
    world,
    seededPeople: size.people,
    madeAtS,
    newId: newSecret,
  })
  const address = { url: options.publicUrl ?? '' }
  const webViews = createWebViews({ apps, settings, address, weixin })
  const platform: Platform = {
    clock,
    world,
    apps,
    settings,
    visibility,
    faults,
    oracle,
    tokens: createTokens(clock, settings, newSecret),
    oauth: createOauthCodes(clock, settings, newSecret),
    chats: createChats(oracle),
    sent: createSentMessages(clock, newSecret),
    cards: createCards(clock, settings, newSecret),
    welcomes: createWelcomes(clock, settings, newSecret),
    callbacks: createCallbacks({
      corpId: world.corpId,
      seed: world.seed,
      apps,
      visibility,
      settings,
      clock,
      faults,
      oracle,
      poster,
    }),
    statistics: createStatistics(world, madeAtS * 1000),
    weixin,
    address,
    reach: createReach(),
    webViews,
    clicks: createClicks(webViews),
  }
  platform.chats.onLook = (person) => arrive(platform, person)
  platform.weixin.callbacks.onAnswer = (account, customer, answer) => showAnswer(platform, account, customer, answer)
  if (kept === undefined) {
    buyQuota(platform, BRAND_LINK_QUOTA.balance, dayStart(madeAtS + BRAND_LINK_QUOTA.days * DAY_S))
    playPrologue(platform)
  } else restoreState(platform, newSecret, kept)
  liveEveryDay(platform)
  const origin = { seed, size, madeAtS, newSecret }
  const changes = { count: 0 }
  const keeper =
    options.stateFile === undefined
      ? undefined
      : keepState(
          options.stateFile,
          () => `${changes.count} ${oracle.adds.total} ${oracle.messages.total}`,
          () => captureState(platform, origin),
        )
  const scenarios = createScenarios(platform)
  const server = http.createServer(createListener({ platform, poster, scenarios, phone: options.phone, changes }))
  server.keepAliveTimeout = 60_000

  return {
    world,
    clock,
    oracle,
    platform,
    scenarios,
    async settled() {
      const { callbacks, clicks, weixin } = platform
      await clicks.settled()
      await Promise.all([callbacks.settled(), weixin.callbacks.settled(), weixin.shop.webhook.settled()])
      await weixin.backends.settled()
    },
    listen({ port, host = '127.0.0.1' }) {
      return new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, () => {
          server.off('error', reject)
          const bound = (server.address() as AddressInfo).port
          const shownHost = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
          const url = `http://${shownHost}:${bound}`
          if (options.publicUrl === undefined) platform.address.url = url
          if (options.scenario !== undefined) scenarios.start(options.scenario, {})
          resolve({ url, port: bound })
        })
      })
    },
    async close() {
      scenarios.stopAll()
      await keeper?.close()
      clock.close()
      await new Promise<void>((resolve) => {
        server.close(() => {
          poster.close()
          resolve()
        })
        server.closeAllConnections()
      })
    },
  }
}

/** Time never goes back: not behind what the last run had reached, nor behind the machine's. */
function goOn(given: ClockOptions | undefined, reachedMs: number): ClockOptions {
  const startMs = Math.max(reachedMs, given?.startMs ?? monotonicNow())
  return { ...given, startMs }
}
