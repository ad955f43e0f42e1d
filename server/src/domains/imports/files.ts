import { mkdir, open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Files that people brought: below the data folder, for our own eyes only. */
export interface TableFiles {
  pathOf(id: string): string
  /** Writes a part where it belongs; answers the new length. */
  writePart(id: string, offset: number, part: AsyncIterable<Uint8Array>, most: number): Promise<number>
  exists(id: string): Promise<boolean>
  remove(id: string): Promise<void>
}

export function tableFiles(dataDir: string): TableFiles {
  const pathOf = (id: string) => join(dataDir, 'imports', id)
  return {
    pathOf,
    async writePart(id, offset, part, most) {
      await mkdir(join(dataDir, 'imports'), { recursive: true, mode: 0o700 })
      const file = await open(pathOf(id), offset === 0 ? 'w' : 'r+', 0o600)
      let at = offset
      try {
        for await (const bytes of part) {
          if (at + bytes.length > most) throw new RangeError('more bytes than were announced')
          await file.write(bytes, 0, bytes.length, at)
          at += bytes.length
        }
        // what an earlier try wrote beyond is no part of it
        await file.truncate(at)
        await file.sync()
      } finally {
        await file.close()
      }
      return at
    },
    async exists(id) {
      const found = await stat(pathOf(id)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined
        throw error
      })
      return found !== undefined
    },
    remove: (id) => rm(pathOf(id), { force: true }),
  }
}
