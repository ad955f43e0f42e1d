import { createBatchCache } from '../../../infra/batch-cache.ts'
import type { Database } from '../../../infra/db/database.ts'
import type { Services } from '../../../infra/services.ts'
import { siteOfCorp } from '../../content/index.ts'
import { type Callback, copiesOfEvent } from '../../intake/index.ts'
import { type ResolvedChannel, resolveChannels } from '../channels/channel.store.ts'
import { type GreetingStaff, loadActiveWelcomes, loadGreetingStaff, loadZones } from '../welcomes/welcome.store.ts'
import type { ActiveWelcome } from '../welcomes/welcome.ts'
import type { WelcomeCodeOfApp } from '../welcomes/welcome-codes.ts'
import { type AddCallback, channelStateOfAdd } from './add.ts'
import type { AddSurroundings } from './add-decision.ts'

type Lookup<T> = (add: AddCallback) => T

/** What adds are decided on, read for a batch at once and kept for seconds: at 8,000 adds a minute most is known. */
export interface AddLookups {
  channels(callbacks: readonly Callback[]): Promise<(callback: Callback) => ResolvedChannel | undefined>
  members(adds: readonly AddCallback[]): Promise<Lookup<AddSurroundings['member']>>
  welcomes(adds: readonly AddCallback[]): Promise<Lookup<AddSurroundings['welcomes']>>
  zones(adds: readonly AddCallback[]): Promise<Lookup<string>>
  /** Where the pages are that a corp's customers see. */
  site(corpId: number): Promise<string>
}

/** Of a corp that was removed while its callbacks were on their way. */
const otherwiseZone = 'Asia/Shanghai'

export function createAddLookups(
  { db, config }: Pick<Services, 'db' | 'config'>,
  machineNow = () => performance.now(),
): AddLookups {
  const channels = createBatchCache<ResolvedChannel>({
    load: (keys) => loadChannels(db, keys),
    ttlMs: 3_000,
    max: 50_000,
  })
  const staff = createBatchCache<GreetingStaff>({
    load: (keys) => loadGreetingStaff(db, keys),
    ttlMs: 10_000,
    max: 50_000,
  })
  const welcomes = createBatchCache<ReadonlyMap<string, ActiveWelcome>>({
    load: async (corpIds) =>
      new Map(await Promise.all(corpIds.map(async (id) => [id, await loadActiveWelcomes(db, Number(id))] as const))),
    ttlMs: 2_000,
    max: 1_000,
  })
  // a corp may be connected, and its zone set, while the server runs
  const zones = createBatchCache<string>({
    load: async (corpIds) =>
      new Map([...(await loadZones(db, corpIds.map(Number)))].map(([id, zone]) => [String(id), zone])),
    ttlMs: 10_000,
    max: 1_000,
    machineNow,
  })
  const sites = createBatchCache<string>({
    load: async (corpIds) =>
      new Map(await Promise.all(corpIds.map(async (id) => [id, await siteOfCorp(db, config, Number(id))] as const))),
    ttlMs: 10_000,
    max: 1_000,
  })
  return {
    async channels(callbacks) {
      const known = await channels.many(callbacks.flatMap((callback) => channelKey(callback) ?? []))
      return (callback) => {
        const key = channelKey(callback)
        return key === undefined ? undefined : known.get(key)
      }
    },
    async members(adds) {
      const known = await staff.many(adds.map(staffKey))
      return (add) => known.get(staffKey(add))
    },
    async welcomes(adds) {
      const known = await welcomes.many(adds.map((add) => String(add.corpId)))
      return (add) => known.get(String(add.corpId)) ?? new Map()
    },
    async zones(adds) {
      const known = await zones.many(adds.map((add) => String(add.corpId)))
      return (add) => known.get(String(add.corpId)) ?? otherwiseZone
    },
    async site(corpId) {
      const key = String(corpId)
      return (await sites.many([key])).get(key) ?? ''
    },
  }
}

/**
 * The codes that the corp's apps have got for an add so far, in the order they came. Read only when the first one failed:
 * the path of an add that goes well costs nothing for it, and it works whichever process holds the claim.
 */
export async function codesOfAdd(
  db: Database,
  add: { readonly corpId: number; readonly userid: string; readonly externalUserid: string; readonly addedAt: Date },
): Promise<readonly WelcomeCodeOfApp[]> {
  const copies = await copiesOfEvent(db, {
    corpId: add.corpId,
    kinds: ['customer.added', 'customer.half_added'],
    subject: add.externalUserid,
    staffUserid: add.userid,
    createdAt: add.addedAt,
  })
  return copies.flatMap(({ appId, appName, event }) =>
    'welcomeCode' in event && event.welcomeCode !== undefined ? [{ appId, appName, code: event.welcomeCode }] : [],
  )
}

function channelKey(callback: Callback): string | undefined {
  const state = channelStateOfAdd(callback)
  return state === undefined ? undefined : `${callback.corpId} ${state}`
}

function staffKey(add: AddCallback): string {
  return `${add.corpId} ${add.event.userId}`
}

/** Keys are `corpId state`. */
async function loadChannels(db: Database, keys: readonly string[]): Promise<ReadonlyMap<string, ResolvedChannel>> {
  const found = new Map<string, ResolvedChannel>()
  for (const [corpId, group] of Map.groupBy(keys, (key) => key.slice(0, key.indexOf(' ')))) {
    const channels = await resolveChannels(
      db,
      Number(corpId),
      group.map((key) => key.slice(corpId.length + 1)),
    )
    for (const [state, channel] of channels) found.set(`${corpId} ${state}`, channel)
  }
  return found
}
