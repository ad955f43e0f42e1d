import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeTable } from '../../../infra/tables/csv.ts'
import { diffStore, judgeStore, readStores, type StoreFields, type StoreKnown, storeTemplate } from './stores.ts'

const nothing: StoreKnown = {
  stores: new Map(),
  staff: new Set(['zhangsan']),
  departments: new Set([100]),
  takenDepartments: new Map(),
  earlier: { codes: new Set(), departments: new Map() },
}
const old: StoreFields = {
  name: '老店',
  city: '上海',
  region: null,
  address: null,
  latitude: 31,
  longitude: 121,
  openingHours: null,
  managerUserid: 'gone',
  departmentId: 100,
}
const known: StoreKnown = { ...nothing, stores: new Map([['S1', { ...old, id: 'a', closed: false }]]) }

describe('the table of stores', () => {
  it('is read as UTF-8 with or without BOM and as GBK, by Chinese or English headers in any order', () => {
    expect(readStores(storeTemplate)).toMatchObject([{ line: 2, code: 'SH001', departmentId: '100' }])
    const gbk = Uint8Array.from([
      0xc3, 0xc5, 0xb5, 0xea, 0xb1, 0xe0, 0xc2, 0xeb, 0x2c, 0xc3, 0xc5, 0xb5, 0xea, 0xc3, 0xfb, 0xb3, 0xc6, 0x0a, 0x41,
      0x2c, 0xc4, 0xcf,
    ])
    expect(readStores(decodeTable(gbk))).toEqual([{ line: 2, code: 'A', name: '南' }])
    expect(readStores('Name,CODE,Department ID\nx,S2,7\n')).toEqual([
      { line: 2, code: 'S2', name: 'x', departmentId: '7' },
    ])
  })

  it('a wrong header says which column is missing or unknown', () => {
    const said = (text: string) => {
      try {
        readStores(text)
      } catch (error) {
        return String(error instanceof Error && 'said' in error ? JSON.stringify(error.said) : error)
      }
      return 'read'
    }
    expect(said('店号,名字\n1,2')).toMatch(/缺少「门店编码」「门店名称」列，现在的表头是：店号、名字/)
    expect(said('code,name,老板\n1,2,3')).toMatch(/不认识的列：老板/)
    expect(said('code,name\n')).toMatch(/没有数据行/)
  })

  it('any text is read or refused in words, never a crash', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        try {
          readStores(text)
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid_request' })
        }
      }),
    )
  })

  it('a cell that our export guarded against formulas comes back as it was', () => {
    expect(readStores("code,name\nA,'=1+1\n")[0]?.name).toBe('=1+1')
    expect(readStores("code,name\nA,'s店\n")[0]?.name).toBe("'s店")
  })
})

describe('a row', () => {
  it('leaves the columns that the file lacks, and clears those that are empty', () => {
    expect(judgeStore({ line: 2, code: 'S1', name: '新店', city: '' }, known)).toMatchObject({
      id: 'a',
      fields: { ...old, name: '新店', city: null },
      changed: [
        { field: 'name', from: '老店', to: '新店' },
        { field: 'city', from: '上海', to: null },
      ],
    })
  })

  it('that says what is stored already changes nothing, whoever has left meanwhile', () => {
    expect(judgeStore({ line: 2, code: 'S1', name: '老店', managerUserid: 'gone' }, known)).toMatchObject({
      changed: [],
    })
  })

  it.each([
    [{ code: '', name: 'x' }, '门店编码'],
    [{ code: 'S9', name: '' }, '没有填门店名称'],
    [{ code: 'S9', name: '🍊'.repeat(200) }, '有 200 个字'],
    [{ code: 'S9', name: 'x', latitude: '91', longitude: '1' }, '纬度'],
    [{ code: 'S9', name: 'x', latitude: '31' }, '一起填'],
    [{ code: 'S9', name: 'x', managerUserid: 'nobody' }, '没有账号为「nobody」的员工'],
    [{ code: 'S9', name: 'x', departmentId: '7' }, '没有 ID 为「7」的部门'],
    [{ code: 'S9', name: 'x', departmentId: '1e2' }, '没有 ID 为「1e2」的部门'],
  ])('%j is refused in words', (row, words) => {
    const judged = judgeStore({ line: 3, ...row }, known)
    expect('said' in judged ? judged.said.zh : 'accepted').toContain(words)
  })

  it('cannot take a department of another store, stored or earlier in the file, nor a code twice', () => {
    const row = { line: 3, code: 'S9', name: 'x', departmentId: '100' }
    const words = (over: Partial<StoreKnown>) => {
      const judged = judgeStore(row, { ...nothing, ...over })
      return 'said' in judged ? judged.said.zh : 'accepted'
    }
    expect(words({})).toBe('accepted')
    expect(words({ takenDepartments: new Map([[100, 'S1']]) })).toContain('已属于门店「S1」')
    expect(words({ earlier: { codes: new Set(['S9']), departments: new Map([[100, 'S8']]) } })).toMatch(
      /出现了两次.*已属于门店「S8」/,
    )
  })

  it('two equal stores have no difference', () => expect(diffStore(old, { ...old })).toEqual([]))
})
