import type { Database } from '../../infra/db/database.ts'
import type { Vault } from '../../infra/secrets/vault.ts'
import { loadCallbackApps } from './callback-apps.store.ts'

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

/**
 * All connected apps in memory: a callback must be opened while the database is away too. Reloaded when an unknown one
 * is asked for (at most once a second, so that strangers cannot make us query) and by `refresh`.
 */
export function createCallbackApps(
  db: Database,
  vault: Vault,
  machineNow: () => number = () => performance.now(),
): CallbackApps {
  let apps = new Map<string, CallbackApp>()
  let ids = new Map<string, CallbackApp>()
  let loadedAt = Number.NEGATIVE_INFINITY
  let loading: Promise<void> | undefined
  let failure: unknown

  const refresh = (): Promise<void> => {
    loading ??= loadCallbackApps(db, vault)
      .then((list) => {
        apps = new Map(list.map((app) => [`${app.corpid}/${app.appKey}`, app]))
        ids = new Map(list.map((app) => [app.appId, app]))
        failure = undefined
      })
      .catch((error: unknown) => {
        failure = error
        throw error
      })
      .finally(() => {
        loadedAt = machineNow()
        loading = undefined
      })
    return loading
  }

  return {
    async find(corpid, appKey) {
      const key = `${corpid}/${appKey}`
      const known = apps.get(key)
      if (known !== undefined) return known
      if (machineNow() - loadedAt > 1_000) await refresh()
      // whoever could not look cannot say that there is none
      else if (failure !== undefined) throw failure
      return apps.get(key)
    },
    known: (corpid, appKey) => apps.get(`${corpid}/${appKey}`),
    byId: (appId) => ids.get(appId),
    refresh,
  }
}
