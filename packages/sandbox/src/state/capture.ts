import type { CallbackConfig } from '../admin/schema.ts'
import { warnOfLapse } from '../people/acquisition.ts'
import type { Platform } from '../platform.ts'
import { dumpReach, loadReach } from '../reach/reach.ts'
import type { IdMaker } from '../world/ids.ts'
import { FORMAT, type State } from './state.ts'

/** What names the world, and the makers of its ids. */
export interface Origin {
  readonly seed: string
  readonly size: State['size']
  readonly madeAtS: number
  readonly newSecret: IdMaker
}

/** All of the state as plain data. */
export function captureState(platform: Platform, origin: Origin): State {
  const { world, apps, tokens, settings, chats, statistics, clock } = platform
  const callbacks: Record<string, CallbackConfig> = {}
  for (const app of apps.values()) if (app.callback !== undefined) callbacks[app.appKey] = app.callback
  return {
    format: FORMAT,
    seed: origin.seed,
    size: origin.size,
    madeAtS: origin.madeAtS,
    nowMs: clock.now(),
    ids: { world: world.newId.made(), secrets: origin.newSecret.made() },
    tokens: tokens.dump(),
    settings: settings.value,
    callbacks,
    customers: world.customers.dump(),
    staff: world.staff.dump(),
    departments: world.departments.all(),
    relations: world.relations.dump(),
    tags: world.tags.dump(),
    codes: world.codes.dump(),
    groups: world.groups.dump(),
    templates: [...world.templates.values()],
    media: world.media.dump(),
    rooms: chats.dump(),
    days: statistics.dump(),
    weixin: platform.weixin.dump(),
    reach: dumpReach(platform.reach),
    cards: platform.cards.dump(),
  }
}

/** Puts the state into a world just made from the same seed and size. */
export function restoreState(platform: Platform, newSecret: IdMaker, state: State): void {
  const { world, apps, tokens, settings, chats, statistics } = platform
  world.newId.goOnFrom(state.ids.world)
  newSecret.goOnFrom(state.ids.secrets)
  tokens.load(state.tokens, apps)
  settings.restore(state.settings)
  for (const app of apps.values()) app.callback = state.callbacks[app.appKey]
  world.customers.load(state.customers)
  for (const department of state.departments) {
    if (world.departments.get(department.id) === undefined) world.departments.add(department)
  }
  world.staff.load(state.staff)
  world.relations.load(state.relations)
  world.tags.load(state.tags)
  world.codes.load(state.codes)
  for (const quota of world.codes.quotas) warnOfLapse(platform, quota)
  world.groups.load(state.groups)
  world.templates.clear()
  for (const template of state.templates) world.templates.set(template.templateId, template)
  world.media.load(state.media)
  chats.load(state.rooms)
  statistics.load(state.days)
  if (state.weixin !== undefined) platform.weixin.load(state.weixin)
  if (state.cards !== undefined) platform.cards.load(state.cards)
  if (state.reach !== undefined) loadReach(platform, state.reach)
}
