import { mkdir, open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Files that people brought or may fetch: below the data folder, for our own eyes only. */
export interface TableFiles {
  pathOf(of: 'imports' | 'exports', id: string): string
  /** Writes a part where it belongs; answers the new length. */
  writePart(id: string, offset: number, part: AsyncIterable<Uint8Array>, most: number): Promise<number>
  exists(of: 'imports' | 'exports', id: string): Promise<boolean>
  remove(of: 'imports' | 'exports', id: string): Promise<void>
  /** Makes the folder, so that a file can be written at `pathOf`. */
  prepare(of: 'imports' | 'exports'): Promise<void>
}

export function tableFiles(dataDir: string): TableFiles {
  const pathOf = (of: 'imports' | 'exports', id: string) => join(dataDir, of, id)
  const prepare = async (of: 'imports' | 'exports') => {
    await mkdir(join(dataDir, of), { recursive: true, mode: 0o700 })
  }
  return {
    pathOf,
    prepare,
    async writePart(id, offset, part, most) {
      await prepare('imports')
      const file = await open(pathOf('imports', id), offset === 0 ? 'w' : 'r+', 0o600)
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
    async exists(of, id) {
      const found = await stat(pathOf(of, id)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined
        throw error
      })
      return found !== undefined
    },
    remove: (of, id) => rm(pathOf(of, id), { force: true }),
  }
}
