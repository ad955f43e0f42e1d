/**
 * 41054 says that some member of a contact way cannot be added, and names nobody. He is found by trying halves: members
 * who were in a call that passed are good, so only the others are suspects. Every try that passes also improves the
 * code, for it stands with those members meanwhile.
 */
export interface Search {
  /** Known good: every try contains them. */
  readonly good: readonly string[]
  /** At least one of these is bad. */
  readonly suspects: readonly string[]
  /** Not looked at yet: set aside while a half is searched. */
  readonly waiting: readonly string[]
  readonly bad: readonly string[]
}

export function beginSearch(users: readonly string[], knownGood: ReadonlySet<string>): Search {
  const suspects = users.filter((user) => !knownGood.has(user))
  // all were good once and one is not any more: then all are suspects
  if (suspects.length === 0) return settled({ good: [], suspects: users, waiting: [], bad: [] })
  return settled({ good: users.filter((user) => knownGood.has(user)), suspects, waiting: [], bad: [] })
}

/** The members of the next try; undefined: the search is over, `good` is the code and `bad` are found. */
export function nextTry(search: Search): readonly string[] | undefined {
  const { good, suspects, waiting } = settled(search)
  if (suspects.length === 0) return waiting.length === 0 ? undefined : [...good, ...waiting]
  return [...good, ...suspects.slice(0, Math.ceil(suspects.length / 2))]
}

/** What the answer to `nextTry` teaches. */
export function learn(before: Search, passed: boolean): Search {
  const search = settled(before)
  const { good, suspects, waiting, bad } = search
  if (suspects.length === 0) {
    return settled(
      passed
        ? { good: [...good, ...waiting], suspects: [], waiting: [], bad }
        : { good, suspects: waiting, waiting: [], bad },
    )
  }
  const half = Math.ceil(suspects.length / 2)
  const tried = suspects.slice(0, half)
  const rest = suspects.slice(half)
  return settled(
    passed
      ? { good: [...good, ...tried], suspects: rest, waiting, bad }
      : { good, suspects: tried, waiting: [...rest, ...waiting], bad },
  )
}

/** One suspect left is the bad one: at least one of them is bad. */
function settled(search: Search): Search {
  const [only, ...more] = search.suspects
  if (only === undefined || more.length > 0) return search
  return { good: search.good, suspects: [], waiting: search.waiting, bad: [...search.bad, only] }
}
