export interface StoredToken {
  readonly token: string
  /** Machine time in ms. */
  readonly expiresAt: number
}

/**
 * Where access tokens live, and which secrets were refused. One store may be shared by processes: then `fetchOnce`
 * holds a lock, so that one fetch serves all.
 */
export interface TokenStore {
  /** The token, unless it has expired. */
  get(key: string): Promise<StoredToken | undefined>
  /** The valid token that is there, or else the one that `fetcher` gets, called once however many ask. */
  fetchOnce(key: string, fetcher: () => Promise<StoredToken>): Promise<StoredToken>
  /** Forgets the token if it is still the bad one; a newer one stays. */
  drop(key: string, badToken: string): Promise<void>
  openCircuit(key: string, reason: string): Promise<void>
  /** Why the circuit is open, or undefined. */
  circuit(key: string): Promise<string | undefined>
  /** A person changed something: calls may go out again. */
  closeCircuit(key: string): Promise<void>
}
