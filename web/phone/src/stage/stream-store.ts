import { useSyncExternalStore } from 'react'
import { api } from '../api/client.ts'
import type { CallbackRecord, CallRecord, StreamEvent } from '../api/types.ts'
import { type Entry, entryOf, mergeEntries } from '../rules/stream.ts'
import { setClock } from './clock.ts'

/** A peak scenario makes a thousand entries a second: they are shown in batches. */
const FLUSH_MS = 250
const HISTORY = 80

type Snapshot = {
  readonly entries: readonly Entry[]
  readonly connected: boolean
  readonly held: number
  readonly paused: boolean
}

let snapshot: Snapshot = { entries: [], connected: false, held: 0, paused: false }
let waiting: Entry[] = []
let timer: ReturnType<typeof setTimeout> | undefined
const readers = new Set<() => void>()
const hearers = new Set<(events: readonly StreamEvent[]) => void>()
let heard: StreamEvent[] = []

function publish(next: Partial<Snapshot>): void {
  snapshot = { ...snapshot, ...next }
  for (const reader of readers) reader()
}

function flush(): void {
  timer = undefined
  const events = heard
  heard = []
  for (const hearer of hearers) hearer(events)
  if (snapshot.paused) publish({ held: waiting.length })
  else {
    const fresh = waiting
    waiting = []
    if (fresh.length > 0) publish({ entries: mergeEntries(snapshot.entries, fresh) })
  }
}

function take(event: StreamEvent): void {
  if (event.event === 'clock') setClock(event.data)
  heard.push(event)
  const entry = entryOf(event)
  if (entry) waiting = [...waiting.slice(-999), entry]
  if (timer === undefined) timer = setTimeout(flush, FLUSH_MS)
}

/** Opens the one stream of the page; the browser reconnects by itself. Returns how to close it. */
export function openStream(): () => void {
  const source = new EventSource('/sandbox/stream')
  source.onopen = () => publish({ connected: true })
  source.onerror = () => publish({ connected: false })
  for (const kind of ['call', 'callback', 'message', 'clock', 'fault'] as const) {
    source.addEventListener(kind, (message: MessageEvent<string>) => {
      // Written by the sandbox under the schema of this event's name.
      take({ event: kind, data: JSON.parse(message.data) } as StreamEvent)
    })
  }
  void loadHistory()
  return () => source.close()
}

async function loadHistory(): Promise<void> {
  const [calls, callbacks] = await Promise.all([
    api.get<{ calls: CallRecord[] }>(`oracle/calls?limit=${HISTORY}`),
    api.get<{ callbacks: CallbackRecord[] }>(`oracle/callbacks?limit=${HISTORY}`),
  ])
  const events: StreamEvent[] = [
    ...calls.calls.map((data) => ({ event: 'call', data }) as const),
    ...callbacks.callbacks.map((data) => ({ event: 'callback', data }) as const),
  ]
  const old = events.flatMap((event) => entryOf(event) ?? []).sort((a, b) => a.atMs - b.atMs)
  publish({ entries: mergeEntries([...mergeEntries([], old)], [...snapshot.entries].reverse()) })
}

export function pauseStream(paused: boolean): void {
  publish({ paused, held: 0 })
  if (!paused) flush()
}

export function clearStream(): void {
  waiting = []
  publish({ entries: [], held: 0 })
}

/** Hears every event in batches, also while the list is paused. */
export function onStream(hearer: (events: readonly StreamEvent[]) => void): () => void {
  hearers.add(hearer)
  return () => hearers.delete(hearer)
}

function subscribe(reader: () => void): () => void {
  readers.add(reader)
  return () => readers.delete(reader)
}

export function useStream(): Snapshot {
  return useSyncExternalStore(subscribe, () => snapshot)
}
