import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** What goes into the spill file: the callback as it came, to be received again when the database is back. */
export interface SpilledCallback {
  readonly corpId: number
  readonly appId: string
  readonly receivedAt: string
  readonly xml: string
}

export interface SpillFile<Line = SpilledCallback> {
  /** Appends and fsyncs; rejects when the disk does not take it (then no answer may be given). */
  append(callbacks: readonly Line[]): Promise<void>
  /**
   * Hands over what was spilled, file by file; a file is removed only after `store` resolved, and set aside when it
   * answers that some cannot be stored. Answers how many were handed over.
   */
  drain(store: (callbacks: readonly Line[]) => Promise<{ readonly refused: number }>): Promise<number>
}

export interface SpillOptions {
  /** The number of this process: its open file carries it, and files of living processes are left to them. */
  readonly pid: number
  readonly isAlive: (pid: number) => boolean
  readonly onBroken: (file: string, lines: number) => void
}

/** Lines of JSON under `dir`: `<pid>.open` is being written, `*.spill` waits for whoever drains first. */
export function createSpillFile<Line = SpilledCallback>(dir: string, options: SpillOptions): SpillFile<Line> {
  const current = join(dir, `${options.pid}.open`)
  let sequence = 0
  // append and seal take turns: a file is never renamed between its opening and its last byte
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = turn.then(work, work)
    turn = next.catch(() => undefined)
    return next
  }

  async function append(callbacks: readonly Line[]): Promise<void> {
    await mkdir(dir, { recursive: true })
    const file = await open(current, 'a', 0o600)
    try {
      // a line of its own even after one that a full disk or a crash cut short
      await file.appendFile(callbacks.map((callback) => `\n${JSON.stringify(callback)}\n`).join(''))
      await file.datasync()
    } finally {
      await file.close()
    }
  }

  async function seal(): Promise<readonly string[]> {
    await mkdir(dir, { recursive: true })
    for (const name of await readdir(dir)) {
      const owner = /^(\d+)\.open$/.exec(name)?.[1]
      if (owner === undefined || (Number(owner) !== options.pid && options.isAlive(Number(owner)))) continue
      sequence += 1
      await rename(join(dir, name), join(dir, `${owner}-by-${options.pid}-${sequence}.spill`))
    }
    return (await readdir(dir)).filter((name) => name.endsWith('.spill')).sort()
  }

  return {
    append: (callbacks) => inTurn(() => append(callbacks)),
    async drain(store) {
      let drained = 0
      for (const name of await inTurn(seal)) {
        const path = join(dir, name)
        const { callbacks, broken: unreadable } = parseLines<Line>(await readFile(path, 'utf8'))
        let broken = unreadable
        for (let at = 0; at < callbacks.length; at += 500)
          broken += (await store(callbacks.slice(at, at + 500))).refused
        if (broken > 0) {
          await rename(path, `${path}.broken`)
          options.onBroken(name, broken)
        } else {
          await rm(path)
        }
        drained += callbacks.length
      }
      return drained
    },
  }
}

/** A crash can cut the last line; a line that was not whole was not acknowledged either. */
export function parseLines<Line = SpilledCallback>(text: string): { callbacks: Line[]; broken: number } {
  const lines = text.split('\n')
  lines.pop()
  const callbacks: Line[] = []
  let broken = 0
  for (const line of lines) {
    if (line === '') continue
    try {
      callbacks.push(JSON.parse(line) as Line)
    } catch {
      broken += 1
    }
  }
  return { callbacks, broken }
}

/** Whether a process of this number runs: its spill file is its own. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // another user's: alive, but not ours to signal
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
