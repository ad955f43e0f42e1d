import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SettingsPatch } from './admin/schema.settings.ts'
import { createCallbacks } from './callbacks/callbacks.ts'
import { createPoster } from './callbacks/post.ts'
import { type ClockOptions, createClock, type SandboxClock } from './clock/clock.ts'
import { createFaults } from './faults/faults.ts'
import { createListener } from './http/listener.ts'
import { createTokens } from './http/tokens.ts'
import { createOauthCodes } from './oauth/codes.ts'
import { createOracle, type Oracle } from './oracle/oracle.ts'
import { buyQuota } from './people/acquisition.ts'
import { createChats } from './people/chats.ts'
import type { Platform } from './platform.ts'
import { hash } from './random.ts'
import { createScenarios, type Scenarios } from './scenarios/scenarios.ts'
import { createSentMessages } from './sent.ts'
import { createSettings } from './settings.ts'
import { createStatistics, dayStart } from './statistics.ts'
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

/** Makes a sandbox; nothing listens until `listen`. Throws a TypeError for settings that cannot be. */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const clock = createClock(options.clock)
  const people = options.people ?? 320
  const size = { staff: options.staff ?? 48, people, relations: options.relations ?? Math.round(people * 1.4) }
  const world = createWorld({ seed: options.seed ?? 'demo', size, nowS: Math.floor(clock.now() / 1000) })
  const settings = createSettings(options.settings)
  const apps = createApps(world.seed)
  const visibility = createVisibility(world, settings)
  const oracle = createOracle(clock)
  const faults = createFaults(world.seed, (fault) => oracle.emit({ event: 'fault', data: fault }))
  const newSecret = idMaker(hash(world.seed, 11))
  const poster = createPoster(MOST_SOCKETS)
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
    statistics: createStatistics(world, clock.now()),
    address: { url: options.publicUrl ?? '' },
  }
  buyQuota(
    platform,
    BRAND_LINK_QUOTA.balance,
    dayStart(Math.floor(clock.now() / 1000) + BRAND_LINK_QUOTA.days * 86_400),
  )
  const scenarios = createScenarios(platform)
  const server = http.createServer(createListener({ platform, poster, scenarios, phone: options.phone }))
  server.keepAliveTimeout = 60_000

  return {
    world,
    clock,
    oracle,
    platform,
    scenarios,
    settled: () => platform.callbacks.settled(),
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
    close() {
      scenarios.stopAll()
      clock.close()
      return new Promise((resolve) => {
        server.close(() => {
          poster.close()
          resolve()
        })
        server.closeAllConnections()
      })
    },
  }
}
