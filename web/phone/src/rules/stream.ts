import type { ReachedMessage, StreamEvent } from '../api/types.ts'

export type Entry = { readonly key: string; readonly atMs: number } & StreamEvent
export type EntryKind = 'call' | 'callback' | 'message'
export type StreamFilter = {
  readonly kinds: ReadonlySet<EntryKind>
  readonly app: string
  readonly problemsOnly: boolean
  readonly text: string
}

/** Enough to read back over a minute of a demo; a peak scenario passes through it in seconds, the oracle keeps more. */
export const KEPT = 400

/** Clock and fault announcements have panels of their own and do not stand in the stream. */
export function entryOf(event: StreamEvent): Entry | undefined {
  switch (event.event) {
    case 'call':
    case 'callback':
      return { ...event, key: `${event.event}:${event.data.seq}`, atMs: event.data.atMs }
    case 'message':
      // Whoever wrote it has it on his phone as well; it reached the other one.
      if (event.data.message.from === event.data.person) return undefined
      return { ...event, key: messageKey(event.data), atMs: event.data.message.atMs }
    default:
      return undefined
  }
}

export function isGroupMessage({ message }: ReachedMessage): boolean {
  return /^wr[\w-]{20,}$/.test(message.peer)
}

/** What is said in a group reaches each of its members and still is one thing that happened. */
function messageKey(reached: ReachedMessage): string {
  return `message:${isGroupMessage(reached) ? reached.message.peer : reached.person}:${reached.message.id}`
}

/** Newest first, without repeats (the history that was read and the stream may overlap). */
export function mergeEntries(old: readonly Entry[], fresh: readonly Entry[]): Entry[] {
  const seen = new Set<string>()
  return [...[...fresh].reverse(), ...old].filter(({ key }) => !seen.has(key) && seen.add(key)).slice(0, KEPT)
}

export function isProblem(entry: Entry): boolean {
  if (entry.event === 'call') return entry.data.errcode !== 0 || entry.data.fault !== undefined
  if (entry.event === 'callback') return entry.data.result !== 'acknowledged' || entry.data.fault !== undefined
  return false
}

function appOf(entry: Entry): string | undefined {
  if (entry.event === 'message') return entry.data.message.appKey
  return entry.event === 'call' || entry.event === 'callback' ? (entry.data.appKey ?? undefined) : undefined
}

export function matches(entry: Entry, filter: StreamFilter): boolean {
  if (entry.event === 'clock' || entry.event === 'fault' || !filter.kinds.has(entry.event)) return false
  if (filter.app !== '' && appOf(entry) !== filter.app) return false
  if (filter.problemsOnly && !isProblem(entry)) return false
  const needle = filter.text.trim().toLowerCase()
  return needle === '' || JSON.stringify(entry.data).toLowerCase().includes(needle)
}
