import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { rowsOfTable } from './stream.ts'
import { csvHeader, csvRows, harmless } from './write-csv.ts'
import { workbookOf } from './write-xlsx.ts'

const folder = await mkdtemp(join(tmpdir(), 'nuanyu-tables-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

async function* inPages<T>(rows: readonly T[], size: number) {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size)
}

async function* csvOf(header: readonly string[], pages: AsyncIterable<Parameters<typeof csvRows>[0]>) {
  yield csvHeader(header)
  for await (const page of pages) yield csvRows(page)
}

async function readBack(parts: AsyncIterable<Uint8Array>, format: 'csv' | 'xlsx') {
  const path = join(folder, crypto.randomUUID())
  await writeFile(path, parts)
  const rows: (readonly string[])[] = []
  for await (const row of rowsOfTable(path, { format, encoding: 'utf-8', separator: ',' })) rows.push(row)
  return rows
}

test('whatever stands in a cell comes back from a CSV, and none of them begins a formula', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(fc.string({ unit: 'grapheme' }), fc.constantFrom('=', '+', '-', '@', '\t', '\r', '"', ','), fc.nat()),
      ),
      async (given) => {
        const rows = given.map(([text, sign, no]) => [`${sign}${text}`, text, no])
        const [, ...back] = await readBack(csvOf(['a', 'b', 'c'], inPages(rows, 3)), 'csv')
        expect(back).toEqual(rows.map((row) => row.map(harmless)))
        for (const [first = ''] of back) expect(first).not.toMatch(/^[=+\-@\t\r]/)
      },
    ),
    { numRuns: 40 },
  )
})

test('a workbook holds any text, and goes on in the next sheet where one is full', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 20 }), async (given) => {
      const texts = given.map((text) => `x${text.replaceAll(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, '')}x`)
      const [, ...back] = await readBack(
        workbookOf(
          ['a'],
          inPages(
            texts.map((text) => [text]),
            7,
          ),
        ),
        'xlsx',
      )
      expect(back.flat()).toEqual(texts)
    }),
    { numRuns: 6 },
  )
  const { default: exceljs } = await import('exceljs')
  const path = join(folder, 'sheets.xlsx')
  const rows = Array.from({ length: 25 }, (_, at) => [at, `=${at}`])
  await writeFile(path, workbookOf(['no', 'text'], inPages(rows, 4), 11))
  const book = new exceljs.Workbook()
  await book.xlsx.readFile(path)
  expect(book.worksheets.map((sheet) => sheet.rowCount)).toEqual([11, 11, 6])
  expect(book.worksheets[2]?.getRow(6).values).toEqual([undefined, 24, '=24'])
  expect(book.worksheets[0]?.getRow(1).values).toEqual([undefined, 'no', 'text'])
})

test('a source that breaks breaks the file, in either format', async () => {
  const breaking = async function* () {
    yield [['a']]
    throw new Error('the source broke')
  }
  await expect(writeFile(join(folder, 'broken'), workbookOf(['a'], breaking()))).rejects.toThrow('the source broke')
})
