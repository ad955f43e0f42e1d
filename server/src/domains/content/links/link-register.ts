/** A link as it is answered by. */
export interface KnownLink {
  readonly id: number
  readonly corpId: number
  readonly run: number
  readonly task: number
  readonly target: string
  readonly stopped: boolean
  readonly brand: string
  /** The corp's platform id and settings, by which the visitor is asked who he is, or not. */
  readonly corpid: string
  readonly settings: unknown
}

/** Links that were asked for lately, so that an opening costs one statement, which writes it. */
export interface LinkRegister {
  /** What is at hand; one that may have changed meanwhile is looked up anew beside. */
  peek(id: number): KnownLink | undefined
  find(id: number): Promise<KnownLink | undefined>
}

/** From then on a link is looked up again: how late a stop or a new setting is seen. */
const freshMs = 5_000
/** Older than this it is not answered by any more, but where the database does not say otherwise. */
const keptMs = 60_000
const most = 50_000

export function createLinkRegister(options: {
  readonly load: (ids: readonly number[]) => Promise<readonly KnownLink[]>
  readonly machineNow?: () => number
}): LinkRegister {
  const now = options.machineNow ?? (() => performance.now())
  let kept = new Map<number, { readonly link: KnownLink | undefined; readonly since: number }>()
  let wanted = new Set<number>()
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined

  async function load(): Promise<void> {
    const ids = [...wanted]
    wanted = new Set()
    const found = new Map((await options.load(ids)).map((link) => [link.id, link]))
    if (kept.size + ids.length > most) kept = new Map()
    for (const id of ids) kept.set(id, { link: found.get(id), since: now() })
  }

  /** One look for all that are asked for while the one before is under way. */
  const look = (id: number): Promise<void> => {
    wanted.add(id)
    next ??= (running ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => {
        next = undefined
        running = load()
        return running
      })
    return next
  }

  return {
    peek(id) {
      const known = kept.get(id)
      if (known === undefined) return undefined
      const age = now() - known.since
      if (age > keptMs) return undefined
      if (age > freshMs && !wanted.has(id)) look(id).catch(() => undefined)
      return known.link
    },
    async find(id) {
      const known = kept.get(id)
      if (known !== undefined && now() - known.since <= freshMs) return known.link
      try {
        await look(id)
      } catch (error) {
        // where the database is away, what we know is better than no answer
        if (known?.link !== undefined) return known.link
        throw error
      }
      return kept.get(id)?.link
    },
  }
}
