import { crc32 } from 'node:zlib'

/**
 * A ZIP archive as it grows: entries are stored as they are, since PNG and SVG do not get smaller. At most 65,535
 * entries and 4 GB, far above what is printed at once.
 */

export interface ZipEntry {
  /** Unique in the archive; `/` makes folders. */
  readonly name: string
  readonly bytes: Uint8Array
}

interface Written {
  readonly name: Buffer
  readonly crc: number
  readonly size: number
  readonly offset: number
}

const localSignature = 0x04034b50
const centralSignature = 0x02014b50
const endSignature = 0x06054b50
const version = 20
/** Names are UTF-8. */
const utf8 = 0x0800

export async function* zipOf(entries: AsyncIterable<ZipEntry>, at: Date): AsyncGenerator<Uint8Array> {
  const stamp = dosTime(at)
  const written: Written[] = []
  let offset = 0
  for await (const { name, bytes } of entries) {
    const entry = { name: Buffer.from(name), crc: crc32(bytes), size: bytes.byteLength, offset }
    const header = Buffer.alloc(30)
    header.writeUInt32LE(localSignature, 0)
    header.writeUInt16LE(version, 4)
    describe(header, 6, entry, stamp)
    written.push(entry)
    offset += header.length + entry.name.length + entry.size
    yield header
    yield entry.name
    yield bytes
  }
  const start = offset
  for (const entry of written) {
    const header = Buffer.alloc(46)
    header.writeUInt32LE(centralSignature, 0)
    header.writeUInt16LE(version, 4)
    header.writeUInt16LE(version, 6)
    describe(header, 8, entry, stamp)
    header.writeUInt32LE(entry.offset, 42)
    offset += header.length + entry.name.length
    yield header
    yield entry.name
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(endSignature, 0)
  end.writeUInt16LE(written.length, 8)
  end.writeUInt16LE(written.length, 10)
  end.writeUInt32LE(offset - start, 12)
  end.writeUInt32LE(start, 16)
  yield end
}

/** Flags, method 0, time, checksum, sizes and the name's length: the same in both headers. */
function describe(header: Buffer, from: number, entry: Written, stamp: number): void {
  header.writeUInt16LE(utf8, from)
  header.writeUInt32LE(stamp, from + 4)
  header.writeUInt32LE(entry.crc, from + 8)
  header.writeUInt32LE(entry.size, from + 12)
  header.writeUInt32LE(entry.size, from + 16)
  header.writeUInt16LE(entry.name.length, from + 20)
}

function dosTime(at: Date): number {
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate()
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1)
  return ((date << 16) | time) >>> 0
}

/** A file name that every system takes, of at most 80 characters. */
export function fileName(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must go
  const plain = text.replaceAll(/[\\/:*?"<>|\u0000-\u001f]/g, '_').trim()
  return [...plain].slice(0, 80).join('') || '_'
}
