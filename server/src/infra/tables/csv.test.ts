import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../errors.ts'
import { decodeTable, readTable, wrongTable } from './csv.ts'

const untouched = { zh: '什么都没有改动', en: 'nothing was changed' }
const rules = {
  maxRows: 3,
  untouched,
  columns: (header: readonly string[]) => {
    const place = header.indexOf('门店编码')
    if (place < 0) throw wrongTable({ zh: '缺少列', en: 'A column is missing' }, untouched)
    return place
  },
}

describe('an uploaded table', () => {
  it('is read as UTF-8, with or without its mark, and as Excel in China writes it', () => {
    const gb18030 = Uint8Array.from([0xc3, 0xc5, 0xb5, 0xea, 0xb1, 0xe0, 0xc2, 0xeb, 0x0a, 0x53, 0x31])
    const utf8 = new TextEncoder().encode('门店编码\nS1')
    const marked = new TextEncoder().encode('\uFEFF门店编码\nS1')
    for (const bytes of [gb18030, utf8, marked]) {
      expect(readTable(decodeTable(bytes), rules)).toEqual({ columns: 0, rows: [{ line: 2, cells: ['S1'] }] })
    }
  })

  it('is refused in words when a column lacks, without rows, and with too many; the hint says what did not happen', () => {
    for (const text of ['', '编码\nS1', '门店编码\n', '门店编码\n1\n2\n3\n4']) {
      expect(() => readTable(text, rules), text).toThrow(AppError)
    }
    expect(() => readTable('门店编码\n1\n2\n3\n4', rules)).toThrow(
      expect.objectContaining({
        said: expect.objectContaining({ zh: '一次最多 3 行，这个表有 4 行。' }),
        hint: expect.objectContaining({ zh: expect.stringContaining('什么都没有改动') }),
      }),
    )
  })

  it('any bytes are rows or an error in words, never a crash', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          for (const row of readTable(`门店编码\n${decodeTable(bytes)}`, rules).rows)
            expect(row.line).toBeGreaterThan(1)
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
        }
      }),
    )
  })
})
