import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../../infra/errors.ts'
import { decodeTable } from '../../../infra/tables/csv.ts'
import { type BulkKnown, bulkTemplate, judgeRow, readBulk } from './channel-bulk.ts'

const known: BulkKnown = {
  stores: new Map([
    ['SH001', { id: 's1', name: '静安寺店', closed: false, staff: 3 }],
    ['SH002', { id: 's2', name: '徐家汇店', closed: true, staff: 3 }],
    ['SH003', { id: 's3', name: '空店', closed: false, staff: 0 }],
  ]),
  staff: new Set(['zhangsan', 'lisi']),
  states: new Set(['taken']),
  earlier: new Set(['SH009']),
}
const judge = (line: string, header = '门店编码,渠道名称,接待员工,备用员工,每日上限,渠道参数') => {
  const [row] = readBulk(`${header}\n${line}`)
  if (row === undefined) throw new Error('no row')
  return judgeRow(row, known)
}

describe('a table of store codes', () => {
  it('the template that we give out is read by ourselves', () => {
    expect(readBulk(bulkTemplate)).toMatchObject([
      { storeCode: 'SH001', dailyLimit: '50' },
      { staff: ['zhangsan', 'lisi'], spares: ['wangwu'] },
    ])
  })

  it('is read in the encoding of Excel too', () => {
    // 门店编码 in GB 18030
    const bytes = Uint8Array.from([0xc3, 0xc5, 0xb5, 0xea, 0xb1, 0xe0, 0xc2, 0xeb, 0x0a, 0x53, 0x48, 0x30, 0x30, 0x31])
    expect(readBulk(decodeTable(bytes))).toMatchObject([{ line: 2, storeCode: 'SH001' }])
  })

  it('with a wrong header is refused in words, before anything is made', () => {
    for (const text of ['店号,名字\nSH001,x', '', '门店编码,备注\nSH001,x', '门店编码\n']) {
      expect(() => readBulk(text)).toThrow(AppError)
    }
    expect(() => readBulk('店号\nSH001')).toThrow(
      expect.objectContaining({ said: expect.objectContaining({ zh: expect.stringContaining('店号') }) }),
    )
  })

  it('a good row takes the store’s name and staff when it names none', () => {
    expect(judge('SH001,,,,,')).toEqual({
      line: 2,
      storeCode: 'SH001',
      storeId: 's1',
      name: '静安寺店',
      staff: [],
      spares: [],
      dailyLimit: null,
      state: undefined,
    })
  })

  it('says everything that is wrong with a row', () => {
    const said = (line: string) => {
      const judged = judge(line)
      return 'said' in judged ? judged.said.zh : ''
    }
    expect(said(',x,,,,')).toContain('没有填门店编码')
    expect(said('XX,,,,,')).toContain('没有编码为「XX」的门店')
    expect(said('SH002,,,,,')).toContain('已闭店')
    expect(said('SH003,,,,,')).toContain('还没有员工')
    expect(said('SH009,,,,,')).toContain('出现了两次')
    expect(said(`SH001,${'🍊'.repeat(200)},,,,`)).toContain('渠道名称有 200 个字')
    expect(said('SH001,,,,-3,')).toContain('不是 1 到 10000 的整数')
    expect(said('SH001,,nobody,,,')).toContain('没有这些员工：nobody')
    expect(said('SH001,,,,,taken')).toContain('已被使用')
    expect(said('SH001,,,,,坏')).toContain('只能用')
    expect(said('SH002,,nobody,,x,taken').split('；')).toHaveLength(4)
  })

  it('any bytes are a table or an error in words, never a crash', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        try {
          for (const row of readBulk(`门店编码,渠道名称\n${decodeTable(bytes)}`)) judgeRow(row, known)
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
        }
      }),
      { numRuns: 500 },
    )
  })
})
