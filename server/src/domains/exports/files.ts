import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** A table while it is written; what is settled outlives a kill of the process and of the machine. */
export interface Draft {
  append(part: Uint8Array): Promise<void>
  /** Makes what was appended durable, and answers how many bytes that is. */
  settle(): Promise<number>
  close(): Promise<void>
}

/** Files to be taken away: below the data folder, for our own eyes only. */
export interface ExportFiles {
  pathOf(id: string): string
  /** Goes on after the bytes that were settled, whatever was written behind them; undefined: they are no longer there. */
  draft(id: string, settled: number): Promise<Draft | undefined>
  readDraft(id: string): AsyncIterable<Uint8Array>
  /** The draft is the table; answers its bytes. */
  publish(id: string): Promise<number>
  /** Writes the table whole, or not at all, and drops the draft; answers its bytes. */
  write(id: string, parts: AsyncIterable<Uint8Array>): Promise<number>
  sizeOf(id: string): Promise<number | undefined>
  remove(id: string): Promise<void>
}

export function exportFiles(dataDir: string): ExportFiles {
  const pathOf = (id: string) => join(dataDir, 'exports', id)
  const draftOf = (id: string) => `${pathOf(id)}.part`
  const wholeOf = (id: string) => `${pathOf(id)}.whole`
  const sizeAt = async (path: string) => {
    const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    return found?.size
  }
  return {
    pathOf,
    async draft(id, settled) {
      await mkdir(join(dataDir, 'exports'), { recursive: true, mode: 0o700 })
      if (settled > 0 && ((await sizeAt(draftOf(id))) ?? 0) < settled) return undefined
      const file = await open(draftOf(id), settled === 0 ? 'w' : 'r+', 0o600)
      await file.truncate(settled)
      let size = settled
      return {
        async append(part) {
          for (let done = 0; done < part.length; )
            done += (await file.write(part, done, part.length - done, size + done)).bytesWritten
          size += part.length
        },
        async settle() {
          await file.sync()
          return size
        },
        close: () => file.close(),
      }
    },
    readDraft: (id) => createReadStream(draftOf(id), { highWaterMark: 1_048_576 }),
    async publish(id) {
      const size = (await stat(draftOf(id))).size
      await rename(draftOf(id), pathOf(id))
      return size
    },
    async write(id, parts) {
      let size = 0
      const file = await open(wholeOf(id), 'w', 0o600)
      try {
        for await (const bytes of parts) {
          await file.write(bytes)
          size += bytes.length
        }
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(wholeOf(id), pathOf(id))
      await rm(draftOf(id), { force: true })
      return size
    },
    sizeOf: (id) => sizeAt(pathOf(id)),
    async remove(id) {
      for (const path of [pathOf(id), draftOf(id), wholeOf(id)]) await rm(path, { force: true })
    },
  }
}
