import type { Said } from '../../../infra/errors.ts'
import { readTable, wrongTable } from '../../../infra/tables/csv.ts'

/** Store codes from a table: reading the file and judging each row. No I/O. */

export interface BulkRow {
  /** In the file, the header being line 1. */
  readonly line: number
  readonly storeCode: string
  readonly name: string
  readonly staff: readonly string[]
  readonly spares: readonly string[]
  readonly dailyLimit: string
  readonly state: string
}

export interface RowFault {
  readonly line: number
  readonly storeCode: string
  readonly said: Said
}

const columns = {
  storeCode: ['门店编码', 'store_code'],
  name: ['渠道名称', 'name'],
  staff: ['接待员工', 'staff'],
  spares: ['备用员工', 'spares'],
  dailyLimit: ['每日上限', 'daily_limit'],
  state: ['渠道参数', 'state'],
} as const
type Column = keyof typeof columns

export const bulkTemplate = `\uFEFF${Object.values(columns)
  .map(([zh]) => zh)
  .join(',')}\nSH001,静安寺店海报,,,50,\nSH002,,zhangsan;lisi,wangwu,,\n`

export const bulkMaxRows = 20_000

const untouched: Said = { zh: '什么都没有创建', en: 'nothing was created' }

/** Rows of the table; throws in words when it is none, has a wrong header or too many rows. */
export function readBulk(text: string): readonly BulkRow[] {
  const { columns: places, rows } = readTable(text, { maxRows: bulkMaxRows, untouched, columns: placesOf })
  return rows.map(({ line, cells }) => {
    const cell = (column: Column) => cells[places.get(column) ?? -1] ?? ''
    return {
      line,
      storeCode: cell('storeCode'),
      name: cell('name'),
      staff: listed(cell('staff')),
      spares: listed(cell('spares')),
      dailyLimit: cell('dailyLimit'),
      state: cell('state'),
    }
  })
}

function placesOf(header: readonly string[]): ReadonlyMap<Column, number> {
  const places = new Map<Column, number>()
  for (const [column, names] of Object.entries(columns) as [Column, readonly string[]][]) {
    const place = header.findIndex((cell) => names.includes(cell.toLowerCase()) || names.includes(cell))
    if (place >= 0) places.set(column, place)
  }
  if (!places.has('storeCode')) {
    const found = header.slice(0, 8).join('、') || '（空）'
    throw wrongTable(
      {
        zh: `表头缺少「门店编码」列，现在的表头是：${found}`,
        en: `The header lacks the column store_code; it is: ${found}`,
      },
      untouched,
    )
  }
  const unknown = header.filter(
    (cell) =>
      cell !== '' &&
      !Object.values(columns).some((names) => names.some((name) => name === cell || name === cell.toLowerCase())),
  )
  if (unknown.length > 0) {
    throw wrongTable(
      {
        zh: `表头里有不认识的列：${unknown.slice(0, 5).join('、')}`,
        en: `Unknown columns in the header: ${unknown.slice(0, 5).join(', ')}`,
      },
      untouched,
    )
  }
  return places
}

function listed(cell: string): string[] {
  return cell
    .split(/[;；、|]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

export interface BulkKnown {
  /** By store code. */
  readonly stores: ReadonlyMap<
    string,
    { readonly id: string; readonly name: string; readonly closed: boolean; readonly staff: number }
  >
  readonly staff: ReadonlySet<string>
  /** States of channels that exist, and of earlier rows. */
  readonly states: ReadonlySet<string>
  /** Store codes of earlier rows of this file. */
  readonly earlier: ReadonlySet<string>
}

export interface BulkMake {
  readonly line: number
  readonly storeCode: string
  readonly storeId: string
  readonly name: string
  readonly staff: readonly string[]
  readonly spares: readonly string[]
  readonly dailyLimit: number | null
  readonly state: string | undefined
}

const nameMax = 60

/** What one row would make, or everything that is wrong with it. */
export function judgeRow(row: BulkRow, known: BulkKnown): BulkMake | RowFault {
  const faults: Said[] = []
  const say = (zh: string, en: string) => faults.push({ zh, en })
  const store = known.stores.get(row.storeCode)
  if (row.storeCode === '') say('没有填门店编码', 'no store code')
  else if (store === undefined)
    say(`没有编码为「${row.storeCode}」的门店，请先导入门店`, `there is no store ${row.storeCode}: import it first`)
  else if (store.closed) say(`门店「${store.name}」已闭店`, `the store ${store.name} is closed`)
  else if (row.staff.length === 0 && store.staff === 0)
    say(
      `门店「${store.name}」还没有员工，请先给门店配员工，或在「接待员工」列填写`,
      `the store ${store.name} has no staff: assign some, or fill the column staff`,
    )
  if (known.earlier.has(row.storeCode))
    say(`门店编码「${row.storeCode}」在本文件里出现了两次`, `the store code ${row.storeCode} stands twice in this file`)
  const name = row.name === '' ? (store?.name ?? '') : row.name
  const length = [...name].length
  if (length > nameMax)
    say(`渠道名称有 ${length} 个字，最多 ${nameMax} 个`, `the name has ${length} characters, at most ${nameMax}`)
  const dailyLimit = row.dailyLimit === '' ? null : Number(row.dailyLimit)
  if (dailyLimit !== null && !(Number.isInteger(dailyLimit) && dailyLimit >= 1 && dailyLimit <= 10_000))
    say(
      `每日上限「${row.dailyLimit}」不是 1 到 10000 的整数`,
      `the daily limit ${row.dailyLimit} is no whole number from 1 to 10000`,
    )
  const strangers = [...row.staff, ...row.spares].filter((userid) => !known.staff.has(userid))
  if (strangers.length > 0) say(`没有这些员工：${strangers.join('、')}`, `no such members: ${strangers.join(', ')}`)
  if (row.state !== '') {
    if (!/^[A-Za-z0-9_-]{1,24}$/.test(row.state))
      say(
        `渠道参数「${row.state}」只能用 1 到 24 个字母、数字、_ 和 -`,
        `the state ${row.state} may have 1 to 24 letters, digits, _ and -`,
      )
    else if (known.states.has(row.state)) say(`渠道参数「${row.state}」已被使用`, `the state ${row.state} is taken`)
  }
  if (faults.length > 0 || store === undefined) {
    const said = { zh: faults.map((f) => f.zh).join('；'), en: faults.map((f) => f.en).join('; ') }
    return { line: row.line, storeCode: row.storeCode, said }
  }
  return {
    line: row.line,
    storeCode: row.storeCode,
    storeId: store.id,
    name,
    staff: row.staff,
    spares: row.spares,
    dailyLimit,
    state: row.state === '' ? undefined : row.state,
  }
}
