import { useSyncExternalStore } from 'react'
import { api } from '../api/client.ts'
import { rememberName } from '../api/names.ts'
import type { CallbacksResponse, CallsResponse, ReachedResponse, StreamEvent } from '../api/types.ts'
import { type Entry, entryOf, mergeEntries } from '../rules/stream.ts'
import { setClock } from './clock.ts'

/** A peak scenario makes a thousand entries a second: they are shown in batches, the larger the rarer. */
const FLUSH_MS = 200
const FLUSH_BUSY_MS = 1000
const BUSY = 60
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
const openHearers = new Set<() => void>()
let heard: StreamEvent[] = []
let lastBatch = 0

function publish(next: Partial<Snapshot>): void {
  snapshot = { ...snapshot, ...next }
  for (const reader of readers) reader()
}

function flush(): void {
  timer = undefined
  const events = heard
  heard = []
  lastBatch = events.length
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
  if (event.event === 'message' && event.data.message.from !== null) {
    rememberName(event.data.message.from, event.data.message.fromName)
  }
  heard.push(event)
  const entry = entryOf(event)
  if (entry) waiting = [...waiting.slice(-999), entry]
  if (timer === undefined) timer = setTimeout(flush, lastBatch > BUSY ? FLUSH_BUSY_MS : FLUSH_MS)
}

/** Opens the one stream of the page; the browser reconnects by itself. Returns how to close it. */
export function openStream(): () => void {
  const source = new EventSource('/sandbox/stream')
  source.onopen = () => {
    publish({ connected: true })
    for (const hearer of openHearers) hearer()
  }
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

/** What happened before the page was opened; the oracle answers newest first. */
async function loadHistory(): Promise<void> {
  const [{ calls }, { callbacks }, { messages }] = await Promise.all([
    api.get<CallsResponse>(`oracle/calls?limit=${HISTORY}`),
    api.get<CallbacksResponse>(`oracle/callbacks?limit=${HISTORY}`),
    api.get<ReachedResponse>(`oracle/messages?limit=${HISTORY}`),
  ])
  const events: StreamEvent[] = [
    ...calls.reverse().map((data) => ({ event: 'call', data }) as const),
    ...callbacks.reverse().map((data) => ({ event: 'callback', data }) as const),
    ...messages.reverse().map((data) => ({ event: 'message', data }) as const),
  ]
  const old = events.flatMap((event) => entryOf(event) ?? []).sort((a, b) => a.atMs - b.atMs)
  publish({ entries: mergeEntries(mergeEntries([], old), [...snapshot.entries].reverse()) })
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

/** Told whenever the stream is open, for the first time or again. */
export function onStreamOpened(hearer: () => void): () => void {
  openHearers.add(hearer)
  return () => openHearers.delete(hearer)
}

function subscribe(reader: () => void): () => void {
  readers.add(reader)
  return () => readers.delete(reader)
}

export function useStream(): Snapshot {
  return useSyncExternalStore(subscribe, () => snapshot)
}
