import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fileName, type ZipEntry, zipOf } from './code-zip.ts'

async function archive(entries: readonly ZipEntry[]): Promise<Buffer> {
  async function* source() {
    yield* entries
  }
  const chunks: Uint8Array[] = []
  for await (const chunk of zipOf(source(), new Date('2026-11-23T10:00:00Z'))) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Reads an archive by its central directory, as every unpacker does (APPNOTE 4.3). */
function unpack(zip: Buffer): { name: string; bytes: Buffer }[] {
  const end = zip.length - 22
  expect(zip.readUInt32LE(end)).toBe(0x06054b50)
  const count = zip.readUInt16LE(end + 10)
  let at = zip.readUInt32LE(end + 16)
  return Array.from({ length: count }, () => {
    expect(zip.readUInt32LE(at)).toBe(0x02014b50)
    const [crc, size, length, local] = [
      zip.readUInt32LE(at + 16),
      zip.readUInt32LE(at + 24),
      zip.readUInt16LE(at + 28),
      zip.readUInt32LE(at + 42),
    ]
    const name = zip.toString('utf8', at + 46, at + 46 + length)
    at += 46 + length
    expect(zip.readUInt32LE(local)).toBe(0x04034b50)
    const from = local + 30 + zip.readUInt16LE(local + 26)
    const bytes = zip.subarray(from, from + size)
    expect(crc32(bytes)).toBe(crc)
    return { name, bytes }
  })
}

describe('a zip archive', () => {
  it('gives back every entry with its name in any script and its checksum', async () => {
    const entry = fc.record({
      name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
      bytes: fc.uint8Array({ maxLength: 200 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 8 }), async (entries) => {
        const back = unpack(await archive(entries))
        expect(back.map((one) => [one.name, [...one.bytes]])).toEqual(entries.map((one) => [one.name, [...one.bytes]]))
      }),
    )
  })

  it('file names lose what some system does not take', () => {
    expect(fileName('静安/店:"1"')).toBe('静安_店__1_')
    expect(fileName('')).toBe('_')
    expect([...fileName('🍊'.repeat(200))]).toHaveLength(80)
  })
})
