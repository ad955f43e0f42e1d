export interface Register<T> {
  /** Undefined: there is none of this name. Throws when the database is away and it is none of those known before. */
  find(name: string): Promise<T | undefined>
  /** One that is in memory already. */
  known(name: string): T | undefined
  refresh(): Promise<void>
  /** The same at most once a second, so that strangers cannot make us query. */
  refreshSoon(): Promise<void>
}

const notSoonerMs = 1_000

/** Whose callbacks may come, all in memory. Reloaded when an unknown name is asked for, and by `refresh`. */
export function createRegister<T>(options: {
  readonly load: () => Promise<readonly T[]>
  readonly nameOf: (one: T) => string
  readonly machineNow?: (() => number) | undefined
}): Register<T> {
  const machineNow = options.machineNow ?? (() => performance.now())
  let all = new Map<string, T>()
  let loadedAt = Number.NEGATIVE_INFINITY
  let loading: Promise<void> | undefined
  let failure: unknown

  const refresh = (): Promise<void> => {
    loading ??= options
      .load()
      .then((list) => {
        all = new Map(list.map((one) => [options.nameOf(one), one]))
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
  const refreshSoon = async (): Promise<void> => {
    if (machineNow() - loadedAt > notSoonerMs) await refresh()
    // whoever could not look cannot say that there is none
    else if (failure !== undefined) throw failure
  }
  return {
    async find(name) {
      const known = all.get(name)
      if (known !== undefined) return known
      await refreshSoon()
      return all.get(name)
    },
    known: (name) => all.get(name),
    refresh,
    refreshSoon,
  }
}
