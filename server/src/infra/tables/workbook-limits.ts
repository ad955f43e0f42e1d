import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInflateRaw } from 'node:zlib'

/** What a workbook may come to when it is unpacked. Sheets are read row by row; shared texts stand in memory. */
export interface WorkbookLimits {
  readonly files: number
  readonly bytes: number
  readonly sharedBytes: number
}

export const workbookLimits: WorkbookLimits = { files: 2_000, bytes: 2 * 2 ** 30, sharedBytes: 128 * 2 ** 20 }

interface PackedFile {
  readonly name: string
  readonly deflated: boolean
  readonly packed: number
  readonly at: number
}

/** What is too much of it; undefined: it may be read. A file that is no zip is not too large. */
export async function excessOf(
  path: string,
  limits: WorkbookLimits = workbookLimits,
): Promise<'files' | 'bytes' | 'shared' | undefined> {
  const files = await filesOf(path)
  if (files.length > limits.files) return 'files'
  let bytes = 0
  for (const file of files) {
    // what the directory says of sizes is what a hostile file says: it is unpacked, and counted
    const isShared = /sharedStrings\.xml$/i.test(file.name)
    const most = isShared ? Math.min(limits.sharedBytes, limits.bytes - bytes) : limits.bytes - bytes
    const size = await unpackedSize(path, file, most)
    if (size > most) return isShared ? 'shared' : 'bytes'
    bytes += size
  }
  return undefined
}

/** Bytes of a packed file, counted until there are more than `most`. */
async function unpackedSize(path: string, file: PackedFile, most: number): Promise<number> {
  if (file.packed === 0) return 0
  const source = createReadStream(path, { start: file.at, end: file.at + file.packed - 1 })
  if (!file.deflated) {
    source.destroy()
    return file.packed
  }
  const inflate = createInflateRaw()
  source.on('error', (error) => inflate.destroy(error))
  let size = 0
  try {
    for await (const part of source.pipe(inflate)) {
      size += part.length
      if (size > most) break
    }
  } catch {
    // broken: whoever reads it says so
  } finally {
    source.destroy()
    inflate.destroy()
  }
  return size
}

const endSign = 0x0605_4b50
const fileSign = 0x0201_4b50
const endLength = 22
const longestComment = 65_535

async function filesOf(path: string): Promise<readonly PackedFile[]> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const tailLength = Math.min(size, endLength + longestComment)
    const { buffer: tail } = await file.read(Buffer.alloc(tailLength), 0, tailLength, size - tailLength)
    const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
    if (end < 0 || end + endLength > tail.length || tail.readUInt32LE(end) !== endSign) return []
    const length = tail.readUInt32LE(end + 12)
    const start = tail.readUInt32LE(end + 16)
    if (start + length > size) return []
    const { buffer: directory } = await file.read(Buffer.alloc(length), 0, length, start)
    const found: PackedFile[] = []
    for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === fileSign; ) {
      const nameLength = directory.readUInt16LE(at + 28)
      const local = directory.readUInt32LE(at + 42)
      const { buffer: head, bytesRead } = await file.read(Buffer.alloc(30), 0, 30, local)
      if (bytesRead < 30) return []
      found.push({
        name: directory.subarray(at + 46, at + 46 + nameLength).toString('utf8'),
        deflated: directory.readUInt16LE(at + 10) !== 0,
        packed: directory.readUInt32LE(at + 20),
        at: local + 30 + head.readUInt16LE(26) + head.readUInt16LE(28),
      })
      at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
    }
    return found
  } finally {
    await file.close()
  }
}
