import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Files to be taken away: below the data folder, for our own eyes only. */
export interface ExportFiles {
  pathOf(id: string): string
  /** Writes it whole, or not at all; answers its bytes. */
  write(id: string, parts: AsyncIterable<Uint8Array>): Promise<number>
  sizeOf(id: string): Promise<number | undefined>
  remove(id: string): Promise<void>
}

export function exportFiles(dataDir: string): ExportFiles {
  const pathOf = (id: string) => join(dataDir, 'exports', id)
  return {
    pathOf,
    async write(id, parts) {
      await mkdir(join(dataDir, 'exports'), { recursive: true, mode: 0o700 })
      const path = `${pathOf(id)}.part`
      let size = 0
      try {
        const file = await open(path, 'w', 0o600)
        try {
          for await (const bytes of parts) {
            await file.write(bytes)
            size += bytes.length
          }
          await file.sync()
        } finally {
          await file.close()
        }
        await rename(path, pathOf(id))
        return size
      } catch (error) {
        await rm(path, { force: true })
        throw error
      }
    },
    async sizeOf(id) {
      const found = await stat(pathOf(id)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined
        throw error
      })
      return found?.size
    },
    async remove(id) {
      await rm(pathOf(id), { force: true })
      await rm(`${pathOf(id)}.part`, { force: true })
    },
  }
}
