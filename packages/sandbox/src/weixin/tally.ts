/** What people did with the accounts and the shop: the truth that a brand's own figures are held against. */
export interface Tally {
  /** One thing that a person did or got; `fen` where money moved. */
  note(what: string, customer: number, fen?: number): void
  readonly sinceMs: number
  /** Persons who did anything. */
  readonly people: number
  counts(): Readonly<Record<string, { readonly count: number; readonly fen: number }>>
  reset(): void
}

export function createTally(now: () => number): Tally {
  const counts = new Map<string, { count: number; fen: number }>()
  const people = new Set<number>()
  let sinceMs = now()
  return {
    note(what, customer, fen = 0) {
      const known = counts.get(what)
      if (known === undefined) counts.set(what, { count: 1, fen })
      else {
        known.count += 1
        known.fen += fen
      }
      people.add(customer)
    },
    get sinceMs() {
      return sinceMs
    },
    get people() {
      return people.size
    },
    counts: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, { ...v }])),
    reset() {
      counts.clear()
      people.clear()
      sinceMs = now()
    },
  }
}
