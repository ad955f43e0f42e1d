import type { StoredToken, TokenStore } from '@nuanyu/wecom'
import { isDatabaseAway } from '../db/away.ts'
import type { Database, Executor } from '../db/database.ts'
import { notify } from '../db/listen.ts'
import type { Vault } from '../secrets/vault.ts'
import { appCircuit, closeAppCircuit, openAppCircuit } from './apps.store.ts'
import { deleteToken, lockToken, readToken, type SealedToken, writeToken } from './tokens.store.ts'

/** A token this near its end is not handed out: the call it is for must still arrive with it. */
const marginMs = 30_000

/**
 * One app's access token, shared by all processes through the database: fetched once however many ask at once, sealed
 * at rest, with a copy in memory so that a call costs no round trip. With the database away each process fetches for
 * itself: the platform answers the same token to all of them while it is valid.
 */
export interface AppTokens extends TokenStore {
  /** Forgets the copies in memory: the app was changed, or word of a change may have been missed. */
  forget(): void
}

/** Where a token stands, and whether its secret may be used; by the id of what it belongs to. */
export interface TokenHome {
  read(on: Executor, id: string): Promise<SealedToken | undefined>
  write(on: Executor, id: string, token: SealedToken): Promise<void>
  remove(on: Executor, id: string): Promise<void>
  circuit(on: Executor, id: string): Promise<string | undefined>
  /** Does nothing where another secret stands by now. */
  openCircuit(on: Executor, id: string, secretSealed: Buffer, reason: string): Promise<void>
  closeCircuit(on: Executor, id: string): Promise<void>
}

const appHome: TokenHome = {
  read: readToken,
  write: writeToken,
  remove: deleteToken,
  circuit: appCircuit,
  openCircuit: openAppCircuit,
  closeCircuit: closeAppCircuit,
}

export function appTokens(options: {
  db: Database
  vault: Vault
  /** Of the app, or of what else `home` keeps tokens of. */
  appId: string
  corpId: number
  /** The secret that tokens are asked for with, as it stands in the database. */
  secretSealed: Buffer
  home?: TokenHome
  machineNow?: () => number
}): AppTokens {
  const { db, vault, appId, corpId, secretSealed, home = appHome } = options
  const now = options.machineNow ?? Date.now
  let cached: StoredToken | undefined
  let fetching: Promise<StoredToken> | undefined
  let circuit: string | undefined
  let circuitRead = false
  /** Tokens that the platform refused: another process may still write one of them back. */
  let refused: string | undefined

  const fresh = (token: StoredToken | undefined) =>
    token !== undefined && token.expiresAt - marginMs > now() && token.token !== refused ? token : undefined
  const stored = async (on: Executor) => {
    const row = await home.read(on, appId)
    return row === undefined ? undefined : { token: vault.open(row.sealed), expiresAt: row.expiresAt.getTime() }
  }
  const fetchShared = async (fetcher: () => Promise<StoredToken>): Promise<StoredToken> => {
    let got: StoredToken | undefined
    try {
      return await db.transaction().execute(async (tx) => {
        await lockToken(tx, appId)
        const theirs = fresh(await stored(tx))
        if (theirs !== undefined) return theirs
        got = await fetcher()
        await home.write(tx, appId, { sealed: vault.seal(got.token), expiresAt: new Date(got.expiresAt) })
        return got
      })
    } catch (error) {
      if (!isDatabaseAway(error)) throw error
      return got ?? fetcher()
    }
  }
  return {
    async get() {
      if (fresh(cached) === undefined) {
        try {
          cached = fresh(await stored(db))
        } catch (error) {
          if (!isDatabaseAway(error)) throw error
          cached = undefined
        }
      }
      return cached
    },
    fetchOnce(_key, fetcher) {
      fetching ??= fetchShared(fetcher)
        .then((token) => {
          cached = token
          if (token.token !== refused) refused = undefined
          return token
        })
        .finally(() => {
          fetching = undefined
        })
      return fetching
    },
    async drop(_key, badToken) {
      refused = badToken
      if (cached?.token === badToken) cached = undefined
      try {
        await db.transaction().execute(async (tx) => {
          await lockToken(tx, appId)
          const theirs = await stored(tx)
          if (theirs?.token === badToken) await home.remove(tx, appId)
        })
      } catch (error) {
        // `refused` keeps this process from using it; the others learn it from the platform as we did
        if (!isDatabaseAway(error)) throw error
      }
    },
    async openCircuit(_key, reason) {
      circuit = reason
      circuitRead = true
      try {
        await db.transaction().execute(async (tx) => {
          await home.openCircuit(tx, appId, secretSealed, reason)
          await notify(tx, 'nuanyu_apps', String(corpId))
        })
      } catch (error) {
        // open here at least; the others learn it from the platform as we did
        if (!isDatabaseAway(error)) throw error
      }
    },
    async circuit() {
      if (circuitRead) return circuit
      try {
        circuit = await home.circuit(db, appId)
        circuitRead = true
      } catch (error) {
        if (!isDatabaseAway(error)) throw error
      }
      return circuit
    },
    async closeCircuit() {
      await db.transaction().execute(async (tx) => {
        await home.closeCircuit(tx, appId)
        await notify(tx, 'nuanyu_apps', String(corpId))
      })
      circuit = undefined
      circuitRead = true
    },
    forget() {
      cached = undefined
      circuitRead = false
    },
  }
}
