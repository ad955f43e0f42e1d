import type { Said } from '../../../infra/errors.ts'
import { readTable, wrongTable } from '../../../infra/tables/csv.ts'

/** Stores from a table: reading the file, judging each row, and what it would change. No I/O. */

export interface StoreFields {
  readonly name: string
  readonly city: string | null
  readonly region: string | null
  readonly address: string | null
  readonly latitude: number | null
  readonly longitude: number | null
  readonly openingHours: string | null
  readonly managerUserid: string | null
  readonly departmentId: number | null
}

export const storeFieldNames = [
  'name',
  'city',
  'region',
  'address',
  'latitude',
  'longitude',
  'openingHours',
  'managerUserid',
  'departmentId',
] as const satisfies readonly (keyof StoreFields)[]
export type StoreFieldName = (typeof storeFieldNames)[number]

/** The header's names, Chinese first; the first two columns must be there. */
export const storeColumns = {
  code: ['门店编码', 'code', 'store_code'],
  name: ['门店名称', 'name'],
  city: ['城市', 'city'],
  region: ['区域', 'region'],
  address: ['地址', 'address'],
  latitude: ['纬度', 'lat', 'latitude'],
  longitude: ['经度', 'lng', 'longitude'],
  openingHours: ['营业时间', 'hours', 'opening_hours'],
  managerUserid: ['店长账号', 'manager userid', 'manager_userid', 'manager'],
  departmentId: ['部门ID', 'department id', 'department_id', 'department'],
} as const
type Column = keyof typeof storeColumns

export const storeTemplate = `\uFEFF${Object.values(storeColumns)
  .map(([zh]) => zh)
  .join(',')}\nSH001,上海人民广场店,上海,华东大区,黄浦区南京西路 1 号,31.2304,121.4737,09:00-22:00,zhangsan,100\n`

export const storeImportMaxRows = 20_000

/** A row as it stands in the file; a column that the file lacks is undefined and leaves what is stored. */
export type StoreRow = { readonly line: number; readonly code: string } & Readonly<
  Partial<Record<StoreFieldName, string>>
>

export interface StoreFault {
  readonly line: number
  readonly code: string
  readonly said: Said
}

const untouched: Said = { zh: '什么都没有改动', en: 'nothing was changed' }

/** Rows of the table; throws in words when it is none, has a wrong header or too many rows. */
export function readStores(text: string): readonly StoreRow[] {
  const { columns: places, rows } = readTable(text, { maxRows: storeImportMaxRows, untouched, columns: placesOf })
  return rows.map(({ line, cells }) => {
    const fields = storeFieldNames.flatMap((field) => {
      const place = places.get(field)
      return place === undefined ? [] : [[field, plain(cells[place] ?? '')] as const]
    })
    return { line, code: plain(cells[places.get('code') ?? -1] ?? ''), ...Object.fromEntries(fields) }
  })
}

/** A cell that our own export guarded against being read as a formula comes back as it was. */
function plain(cell: string): string {
  return /^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell
}

function placesOf(header: readonly string[]): ReadonlyMap<Column, number> {
  const places = new Map<Column, number>()
  const is = (cell: string, names: readonly string[]) =>
    names.some((name) => name.toLowerCase() === cell.trim().toLowerCase())
  for (const [column, names] of Object.entries(storeColumns) as [Column, readonly string[]][]) {
    const place = header.findIndex((cell) => is(cell, names))
    if (place >= 0) places.set(column, place)
  }
  const found = header.slice(0, 12).join('、') || '（空）'
  const missing = (['code', 'name'] as const).filter((column) => !places.has(column))
  if (missing.length > 0)
    throw wrongTable(
      {
        zh: `表头缺少「${missing.map((column) => storeColumns[column][0]).join('」「')}」列，现在的表头是：${found}`,
        en: `The header lacks the column ${missing.join(', ')}; it is: ${found}`,
      },
      untouched,
    )
  const all = Object.values(storeColumns).flat()
  const unknown = header.filter((cell) => cell.trim() !== '' && !is(cell, all))
  if (unknown.length > 0)
    throw wrongTable(
      {
        zh: `表头里有不认识的列：${unknown.slice(0, 5).join('、')}。可用的列：${Object.values(storeColumns)
          .map(([zh]) => zh)
          .join('、')}`,
        en: `Unknown columns in the header: ${unknown.slice(0, 5).join(', ')}. Known ones: ${Object.keys(storeColumns).join(', ')}`,
      },
      untouched,
    )
  return places
}

export interface StoreKnown {
  /** By code. */
  readonly stores: ReadonlyMap<string, StoreFields & { readonly id: string; readonly closed: boolean }>
  readonly staff: ReadonlySet<string>
  readonly departments: ReadonlySet<number>
  /** Departments that belong to a store already, with its code. */
  readonly takenDepartments: ReadonlyMap<number, string>
  /** Codes and departments of earlier rows of this file. */
  readonly earlier: { readonly codes: ReadonlySet<string>; readonly departments: ReadonlyMap<number, string> }
}

/** What one row makes of a store, and what of it is new. */
export interface StoreChange {
  readonly line: number
  readonly code: string
  /** undefined: a new store. */
  readonly id: string | undefined
  readonly fields: StoreFields
  readonly changed: readonly {
    readonly field: StoreFieldName
    readonly from: string | null
    readonly to: string | null
  }[]
}

const longest: Readonly<
  Record<'code' | 'name' | 'city' | 'region' | 'address' | 'openingHours' | 'managerUserid', number>
> = { code: 32, name: 60, city: 30, region: 30, address: 200, openingHours: 60, managerUserid: 64 }

/** What one row would do, or everything that is wrong with it. */
export function judgeStore(row: StoreRow, known: StoreKnown): StoreChange | StoreFault {
  const faults: Said[] = []
  const say = (zh: string, en: string) => faults.push({ zh, en })
  const before = known.stores.get(row.code)
  if (!/^[\p{L}\p{N}_.-]+$/u.test(row.code) || [...row.code].length > longest.code)
    say(
      `门店编码「${row.code}」要用 1 到 ${longest.code} 个字母、数字、_ . -`,
      `the code “${row.code}” must be 1 to ${longest.code} letters, digits, _ . -`,
    )
  if (known.earlier.codes.has(row.code))
    say(`门店编码「${row.code}」在本文件里出现了两次`, `the code ${row.code} stands twice in this file`)
  const text = (field: Exclude<StoreFieldName, 'latitude' | 'longitude' | 'departmentId'>) => {
    const cell = row[field]
    if (cell === undefined) return before?.[field] ?? null
    const length = [...cell].length
    if (length > longest[field])
      say(
        `「${storeColumns[field][0]}」有 ${length} 个字，最多 ${longest[field]} 个`,
        `${field} has ${length} characters, at most ${longest[field]}`,
      )
    return cell === '' ? null : cell
  }
  const degrees = (field: 'latitude' | 'longitude', most: number) => {
    const cell = row[field]
    if (cell === undefined) return before?.[field] ?? null
    if (cell === '') return null
    const value = Number(cell)
    if (!Number.isFinite(value) || Math.abs(value) > most)
      say(
        `「${storeColumns[field][0]}」要是 -${most} 到 ${most} 的数字，现在是「${cell}」`,
        `${field} must be a number from -${most} to ${most}, not “${cell}”`,
      )
    return value
  }
  const fields: StoreFields = {
    name: text('name') ?? '',
    city: text('city'),
    region: text('region'),
    address: text('address'),
    latitude: degrees('latitude', 90),
    longitude: degrees('longitude', 180),
    openingHours: text('openingHours'),
    managerUserid: text('managerUserid'),
    departmentId: department(),
  }
  if (fields.name === '') say('没有填门店名称', 'no name')
  if ((fields.latitude === null) !== (fields.longitude === null))
    say('经度和纬度要一起填', 'latitude and longitude belong together')
  const manager = fields.managerUserid
  if (manager !== null && manager !== before?.managerUserid && !known.staff.has(manager))
    say(`没有账号为「${manager}」的员工`, `there is no member ${manager}`)
  if (faults.length > 0)
    return {
      line: row.line,
      code: row.code,
      said: { zh: faults.map((f) => f.zh).join('；'), en: faults.map((f) => f.en).join('; ') },
    }
  return { line: row.line, code: row.code, id: before?.id, fields, changed: diffStore(before, fields) }

  function department(): number | null {
    const cell = row.departmentId
    if (cell === undefined) return before?.departmentId ?? null
    if (cell === '') return null
    const id = Number(cell)
    if (!/^\d{1,10}$/.test(cell) || !known.departments.has(id)) {
      say(`没有 ID 为「${cell}」的部门`, `there is no department ${cell}`)
      return null
    }
    const owner = known.earlier.departments.get(id) ?? known.takenDepartments.get(id)
    if (owner !== undefined && owner !== row.code)
      say(`部门 ${id} 已属于门店「${owner}」`, `the department ${id} belongs to the store ${owner} already`)
    return id
  }
}

/** Field by field, from what to what; all of it for a new store. */
export function diffStore(before: StoreFields | undefined, after: StoreFields): StoreChange['changed'] {
  return storeFieldNames.flatMap((field) => {
    const from = shown(before?.[field])
    const to = shown(after[field])
    return from === to ? [] : [{ field, from, to }]
  })
}

function shown(value: string | number | null | undefined): string | null {
  return value === null || value === undefined ? null : String(value)
}
