import type { Database } from '../../infra/db/database.ts'
import type { Vault } from '../../infra/secrets/vault.ts'
import { loadCallbackApps } from './callback-apps.store.ts'
import { createRegister } from './register.ts'

/** What is needed to open the callbacks of one app. */
export interface CallbackApp {
  readonly corpId: number
  readonly corpid: string
  readonly appId: string
  readonly appKey: string
  readonly token: string
  readonly aesKey: string
}

export interface CallbackApps {
  /** Undefined: no such app is connected. Throws when the database is away and the app is none of those known before. */
  find(corpid: string, appKey: string): Promise<CallbackApp | undefined>
  /** One that is in memory already. */
  known(corpid: string, appKey: string): CallbackApp | undefined
  byId(appId: string): CallbackApp | undefined
  refresh(): Promise<void>
}

/** All connected apps in memory: a callback must be opened while the database is away too. */
export function createCallbackApps(db: Database, vault: Vault, machineNow?: () => number): CallbackApps {
  let ids = new Map<string, CallbackApp>()
  const register = createRegister({
    async load() {
      const list = await loadCallbackApps(db, vault)
      ids = new Map(list.map((app) => [app.appId, app]))
      return list
    },
    nameOf: ({ corpid, appKey }) => `${corpid}/${appKey}`,
    machineNow,
  })
  return {
    find: (corpid, appKey) => register.find(`${corpid}/${appKey}`),
    known: (corpid, appKey) => register.known(`${corpid}/${appKey}`),
    byId: (appId) => ids.get(appId),
    refresh: register.refresh,
  }
}
