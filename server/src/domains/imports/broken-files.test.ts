import { buffer } from 'node:stream/consumers'
import exceljs from 'exceljs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { zipOf } from '../../infra/tables/zip.ts'
import { faultView } from './imports.schema.ts'
import { importSite } from './testing.ts'

const { bring, tried, ran, look, operator, db } = await importSite()
const faults = async (id: string) =>
  (await operator.get(`/api/imports/${id}/faults`)).as(z.object({ items: z.array(faultView) })).items
const members = async (prefix: string) =>
  (
    await db
      .selectFrom('identities')
      .select('value')
      .where('kind', '=', 'member_no')
      .where('value', 'like', `${prefix}%`)
      .orderBy('value')
      .execute()
  ).map(({ value }) => value)
const bytesOf = async (parts: AsyncIterable<Uint8Array>) => new Uint8Array(await buffer(parts))
const refusal = (bytes: Uint8Array | string, name?: string) =>
  bring('customers', bytes, name).then(
    () => undefined,
    (error: unknown) => z.object({ body: z.object({ message: z.string(), hint: z.string() }) }).parse(error).body,
  )

test('a mark, empty lines and a header that stands lower are no hindrance; rows are told as a spreadsheet numbers them', async () => {
  const { id } = await bring(
    'customers',
    '\uFEFF\n\n会员号,姓名,手机号\n\nN1,甲,\n,,\n\nN2,乙,123\n\nN3,丙,13800000001\n\n\n',
  )
  await tried(id)
  expect((await ran(id)).counts).toMatchObject({ new: 2, rejected: 1 })
  expect((await faults(id)).map(({ line, field }) => [line, field])).toEqual([[8, 'phone_typed']])
  const file = await (await operator.send(`/api/imports/${id}/errors`)).text()
  expect(file.split('\n')[1]).toMatch(/^N2,乙,123,8,/)
  // mended, the file is sent as it is, and again: the second time nothing is new
  for (const counts of [{ new: 1 }, { new: 0, unchanged: 1 }]) {
    const again = await bring('customers', file.replace(',123,', ',13800000002,'))
    await tried(again.id)
    expect((await ran(again.id)).counts).toMatchObject({ ...counts, rejected: 0 })
  }
  expect(await members('N')).toEqual(['N1', 'N2', 'N3'])
})

test('what Excel calls Unicode text is read: UTF-16 with tabs', async () => {
  const text = Buffer.from('\uFEFF会员号\t姓名\nU1\t张三\n', 'utf16le')
  const { id } = await bring('customers', new Uint8Array(text))
  expect((await look(id)).look).toMatchObject({ encoding: 'utf-16le', separator: '\t', samples: [['U1', '张三']] })
  await tried(id)
  expect((await ran(id)).counts).toMatchObject({ new: 1 })
})

test('a workbook with formulas, dates, merged and empty cells is read by what it shows', async () => {
  const book = new exceljs.Workbook()
  const sheet = book.addWorksheet('会员')
  sheet.addRow(['会员号', '姓名', '手机号', '备注'])
  sheet.addRow([
    { formula: 'CONCATENATE("F","1")', result: 'F1' },
    '甲',
    { formula: '13800000011+0', result: 13_800_000_011 },
  ])
  sheet.addRow(['F2', '乙', { formula: '1/0', result: { error: '#DIV/0!' } }, new Date('2026-06-02T08:30:00Z')])
  sheet.addRow([])
  sheet.addRow(['F3', '丙', '13800000013'])
  sheet.addRow(['', '丁', ''])
  sheet.mergeCells('A5:A6')
  const { id } = await bring('customers', new Uint8Array(await book.xlsx.writeBuffer()), '会员.xlsx')
  expect((await look(id)).look?.samples.slice(0, 2)).toEqual([
    ['F1', '甲', '13800000011'],
    ['F2', '乙', '', '2026-06-02 08:30:00'],
  ])
  await tried(id)
  // of merged cells the first alone has the value: the others name nobody, and are told so by their row
  expect((await ran(id)).counts).toMatchObject({ new: 3, rejected: 1 })
  expect((await faults(id)).map(({ line, field }) => [line, field])).toEqual([[6, 'customer']])
  expect(await members('F')).toEqual(['F1', 'F2', 'F3'])
})

test('a workbook that is small only while it is packed is refused before anything of it is read', async () => {
  const zeros = new Uint8Array(8 * 2 ** 20)
  const many = function* () {
    for (let at = 0; at < 17; at += 1) yield zeros
  }
  const bomb = await bytesOf(zipOf([{ name: 'xl/sharedStrings.xml', parts: many() }]))
  expect(bomb.length).toBeLessThan(2 ** 20)
  expect(await refusal(bomb, '炸弹.xlsx')).toMatchObject({
    message: expect.stringContaining('128 MB'),
    hint: expect.stringContaining('什么都没有改动'),
  })
  const crowd = Array.from({ length: 2_001 }, (_, at) => ({ name: `xl/media/${at}`, parts: [] }))
  expect(await refusal(await bytesOf(zipOf(crowd)), '很多.xlsx')).toMatchObject({
    message: expect.stringContaining('文件太多'),
  })
  const far = `<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="99999999"><c r="A99999999"><v>1</v></c></row></sheetData></worksheet>`
  const parts = [new TextEncoder().encode(far)]
  expect(await refusal(await bytesOf(zipOf([{ name: 'xl/worksheets/sheet1.xml', parts }])), '远.xlsx')).toMatchObject({
    message: expect.stringContaining('读不下去'),
  })
})

test.each([
  ['501 columns', `${Array.from({ length: 501 }, (_, at) => `c${at}`).join(',')}\n1\n`, '501 列'],
  ['a quote that is never closed', `会员号,姓名\nQ1,"甲\n${'x'.repeat(11_000_000)}`, '读不下去'],
  ['a picture', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR', '不是表格'],
] as const)('%s is refused in words', async (_what, text, said) => {
  const bytes = text.startsWith('\x89') ? Buffer.from(text, 'latin1') : text
  expect(await refusal(bytes)).toMatchObject({
    message: expect.stringMatching(new RegExp(`${said}|编码`)),
    hint: expect.stringContaining('什么都没有改动'),
  })
})
