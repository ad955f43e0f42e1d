import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, expect, test } from 'vitest'
import { excessOf } from './workbook-limits.ts'
import { workbookOf } from './write-xlsx.ts'
import { zipOf } from './zip.ts'

const folder = await mkdtemp(join(tmpdir(), 'nuanyu-limits-'))
afterAll(() => rm(folder, { recursive: true, force: true }))
const kept = async (name: string, parts: AsyncIterable<Uint8Array> | Uint8Array) => {
  const path = join(folder, name)
  await writeFile(path, parts)
  return path
}
const limits = { files: 10, bytes: 100_000, sharedBytes: 10_000 }
const thing = (name: string, bytes: number) => ({ name, parts: [new Uint8Array(bytes)] })

test('a workbook of a million rows is within its limits', async () => {
  const page = Array.from({ length: 1_000 }, () => ['客户', 1])
  const pages = async function* () {
    for (let at = 0; at < 20; at += 1) yield page
  }
  expect(await excessOf(await kept('fine', workbookOf(['a', 'b'], pages())))).toBeUndefined()
})

test('what is too much is named by what it unpacks to, whatever the directory says of its size', async () => {
  expect(await excessOf(await kept('a', zipOf([thing('a', 60_000), thing('b', 60_000)])), limits)).toBe('bytes')
  expect(await excessOf(await kept('b', zipOf([thing('xl/sharedStrings.xml', 10_001)])), limits)).toBe('shared')
  const many = Array.from({ length: 11 }, (_, at) => thing(String(at), 0))
  expect(await excessOf(await kept('c', zipOf(many)), limits)).toBe('files')
  const lying = await buffer(zipOf([thing('a', 200_000)]))
  const directory = lying.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]))
  lying.writeUInt32LE(5, directory + 24)
  expect(await excessOf(await kept('d', lying), limits)).toBe('bytes')
})

test('what is no zip is not too much of one', async () => {
  for (const bytes of [Buffer.from('PK'), Buffer.alloc(0), Buffer.from('PK\x05\x06'.padEnd(22, '\xff'), 'latin1')])
    expect(await excessOf(await kept('e', bytes), limits)).toBeUndefined()
})
