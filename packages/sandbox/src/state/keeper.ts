import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { parseState, type State } from './state.ts'

/** How long after a change the file is written at the earliest: what a killed sandbox may lose. */
const WRITE_AFTER_MS = 1_000
/** A big world is written less often: at most a twentieth of the time. */
const REST = 20
/** It holds access tokens and callback keys. */
const OWNER_ONLY = { mode: 0o600 }

/** Keeps the state in a file, so that the next start goes on with the same people, codes and chats. */
export interface Keeper {
  /** Writes what has changed and stops. */
  close(): Promise<void>
}

/** The state in the file, or undefined when there is none of this world; a file of another one is set aside. */
export function loadState(path: string, seed: string, size: State['size']): State | undefined {
  const text = read(path)
  if (text === undefined) return undefined
  const state = parseState(text, seed, size)
  if (state === undefined) renameSync(path, `${path}.old`)
  return state
}

/** `stamp` changes with every change of the world; `capture` is asked for the state only then. */
export function keepState(path: string, stamp: () => string, capture: () => State): Keeper {
  // A folder that cannot be written is told of at the start, not in the first quiet second.
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, JSON.stringify(capture()), OWNER_ONLY)
  let written = stamp()
  let writing: Promise<void> = Promise.resolve()
  let restUntilMs = 0
  const write = async (atOnce: boolean) => {
    const now = stamp()
    const startedMs = performance.now()
    if (now === written || (!atOnce && startedMs < restUntilMs)) return
    written = now
    const text = JSON.stringify(capture())
    await writeFile(`${path}.new`, text, OWNER_ONLY)
    await rename(`${path}.new`, path)
    restUntilMs = performance.now() + REST * (performance.now() - startedMs)
  }
  const next = (atOnce: boolean) => {
    writing = writing
      .then(() => write(atOnce))
      .catch((error: unknown) => {
        console.error(`the sandbox could not keep its state in ${path}`, error)
      })
    return writing
  }
  const timer = setInterval(() => void next(false), WRITE_AFTER_MS)
  timer.unref()
  return {
    close() {
      clearInterval(timer)
      return next(true)
    },
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
