import type { StoredToken, TokenStore } from './types.ts'

/**
 * Tokens of one process. However many ask at the same time, one fetch runs for each key.
 *
 * @param now machine time in ms
 */
export function memoryTokenStore(now: () => number = Date.now): TokenStore {
  const tokens = new Map<string, StoredToken>()
  const fetches = new Map<string, Promise<StoredToken>>()
  const circuits = new Map<string, string>()

  const valid = (key: string): StoredToken | undefined => {
    const stored = tokens.get(key)
    return stored !== undefined && stored.expiresAt > now() ? stored : undefined
  }

  const start = (key: string, fetcher: () => Promise<StoredToken>): Promise<StoredToken> => {
    const fetching = fetcher()
      .then((stored) => {
        tokens.set(key, stored)
        return stored
      })
      .finally(() => fetches.delete(key))
    fetches.set(key, fetching)
    return fetching
  }

  return {
    get: async (key) => valid(key),
    fetchOnce: async (key, fetcher) => valid(key) ?? fetches.get(key) ?? start(key, fetcher),
    drop: async (key, badToken) => {
      if (tokens.get(key)?.token === badToken) tokens.delete(key)
    },
    openCircuit: async (key, reason) => {
      circuits.set(key, reason)
    },
    circuit: async (key) => circuits.get(key),
    closeCircuit: async (key) => {
      circuits.delete(key)
    },
  }
}
