import { crc32, createDeflateRaw } from 'node:zlib'

export interface ZipEntry {
  readonly name: string
  readonly parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

/** 1980-01-01: the first day that the format knows; the time a table was written stands elsewhere. */
const day = 0x21
const deflated = 8
/** Sizes stand behind the bytes, names are UTF-8. */
const flags = 0x0808

/** A zip of entries that are written as they come, one after the other. Up to 4 GB; throws a RangeError above. */
export async function* zipOf(entries: Iterable<ZipEntry> | AsyncIterable<ZipEntry>): AsyncGenerator<Uint8Array> {
  const directory: Buffer[] = []
  let at = 0
  const sent = (bytes: Uint8Array) => {
    at += bytes.length
    if (at > 0xffff_ffff) throw new RangeError('more than 4 GB do not fit into the file')
    return bytes
  }
  for await (const { name, parts } of entries) {
    const start = at
    const named = Buffer.from(name)
    yield sent(Buffer.concat([header(0x0403_4b50, [20, flags, deflated, 0, day], [0, 0, 0], [named.length, 0]), named]))
    let sum = 0
    let plain = 0
    let packed = 0
    const deflate = createDeflateRaw({ level: 3 })
    const feed = (async () => {
      for await (const part of parts) {
        sum = crc32(part, sum)
        plain += part.length
        if (!deflate.write(part)) await new Promise((resolve) => deflate.once('drain', resolve))
      }
      deflate.end()
    })().catch((error: unknown) => void deflate.destroy(error instanceof Error ? error : new Error(String(error))))
    for await (const part of deflate) {
      packed += part.length
      yield sent(part)
    }
    await feed
    if (plain > 0xffff_ffff) throw new RangeError('more than 4 GB do not fit into the file')
    const sizes = [sum, packed, plain]
    yield sent(header(0x0807_4b50, [], sizes, []))
    const place = Buffer.alloc(4)
    place.writeUInt32LE(start)
    directory.push(
      header(0x0201_4b50, [20, 20, flags, deflated, 0, day], sizes, [named.length, 0, 0, 0, 0, 0, 0]),
      place,
      named,
    )
  }
  const start = at
  const list = Buffer.concat(directory)
  yield sent(list)
  const count = directory.length / 3
  yield header(0x0605_4b50, [0, 0, count, count], [list.length, start], [0])
}

/** A signature, then numbers of two bytes, of four, and of two. */
function header(sign: number, before: readonly number[], long: readonly number[], after: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + 2 * before.length + 4 * long.length + 2 * after.length)
  let at = bytes.writeUInt32LE(sign)
  for (const one of before) at = bytes.writeUInt16LE(one, at)
  for (const one of long) at = bytes.writeUInt32LE(one, at)
  for (const one of after) at = bytes.writeUInt16LE(one, at)
  return bytes
}
