import type { Said } from '../../infra/errors.ts'
import { plainPhone } from '../../infra/secrets/phone.ts'
import { momentOf } from '../../infra/zone.ts'

/** What is wrong with a row. Never holds what a cell says of a person. */
export interface RowFault {
  readonly field: string
  readonly said: Said
  readonly hint: Said
}

/** Thrown by readers of cells and caught by the reader of the row. */
export class CellFault extends Error {
  readonly fault: RowFault
  constructor(field: string, said: Said, hint: Said) {
    super(said.en)
    this.fault = { field, said, hint }
  }
}

const spaces = /[\s\u00A0\u3000\u200B-\u200F\uFEFF]+/gu

/** A number that can be dialled: a mainland mobile or landline, or one with its country code. */
export function phoneOf(field: string, cell: string): string {
  const half = cell.normalize('NFKC').replaceAll(spaces, '')
  // what a spreadsheet made of a long number has lost its last digits for good
  if (/^\d(?:\.\d+)?e\+?\d+$/i.test(half))
    throw new CellFault(
      field,
      {
        zh: '手机号被表格软件变成了科学计数法，末尾几位已丢失',
        en: 'A spreadsheet turned the number into 1.38E+10: its last digits are lost',
      },
      {
        zh: '请把这一列设成「文本」，从原系统重新导出',
        en: 'Make the column text and export it again from where it came',
      },
    )
  const bare = half.replace(/\.0+$/, '')
  const digits = plainPhone(bare)
  if (!/^\+?[\d()-]+$/.test(bare) || digits.length < 7 || digits.length > 15 || /^(\d)\1+$/.test(digits))
    throw new CellFault(
      field,
      { zh: '手机号不对：不是 7 到 15 位的号码', en: 'It is no phone number of 7 to 15 digits' },
      { zh: '请改成正确的号码；没有就留空', en: 'Put the right number, or leave it empty' },
    )
  if (/^1/.test(digits) && !bare.startsWith('+') && !/^1[3-9]\d{9}$/.test(digits))
    throw new CellFault(
      field,
      {
        zh: `手机号不对：以 1 开头的手机号应为 11 位，这里是 ${digits.length} 位，或号段不存在`,
        en: `A mobile number has 11 digits and begins with 13 to 19; this one has ${digits.length}`,
      },
      { zh: '请核对号码；没有就留空', en: 'Check the number, or leave it empty' },
    )
  return bare.startsWith('+') && !bare.startsWith('+86') ? `+${digits}` : digits
}

export function emailOf(field: string, cell: string): string {
  const email = cell.normalize('NFKC').trim().toLowerCase()
  if (/^[^@\s]{1,64}@[^@\s]+\.[^@\s.]{2,}$/.test(email) && email.length <= 200) return email
  throw new CellFault(
    field,
    { zh: '邮箱格式不对', en: 'It is no e-mail address' },
    { zh: '请改成 name@example.com 的样子；没有就留空', en: 'Write it like name@example.com, or leave it empty' },
  )
}

/** Text of at most so many characters, without those that cannot be kept. */
export function textOf(field: string, cell: string, most: number): string {
  const text = cell.trim()
  if (/[\0\p{Cs}\uFFFD]/u.test(text))
    throw new CellFault(
      field,
      { zh: '含有乱码字符', en: 'It holds characters that are no text' },
      { zh: '请检查文件编码，另存为「CSV UTF-8」再上传', en: 'Check the encoding: save the file as “CSV UTF-8”' },
    )
  const long = [...text].length
  if (long > most)
    throw new CellFault(
      field,
      { zh: `有 ${long} 个字，最多 ${most} 个`, en: `It has ${long} characters, at most ${most}` },
      { zh: '请缩短后再导入', en: 'Shorten it' },
    )
  return text
}

const moment =
  /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})(?:\.\d+)?秒?)?)?$/

/** A moment as ISO 8601. Without an offset it is the wall clock of the corp's zone. */
export function momentText(field: string, cell: string, zone: string): string {
  const text = cell.normalize('NFKC').trim()
  if (/[T ]\d\d:\d\d.*(?:Z|[+-]\d\d:?\d\d)$/.test(text)) {
    const at = Date.parse(text)
    if (!Number.isNaN(at)) return new Date(at).toISOString()
  }
  const [, year = '', month = '', day = '', hour = '0', minute = '0', second = '0'] = moment.exec(text) ?? []
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  const real =
    year !== '' &&
    date.getUTCMonth() === Number(month) - 1 &&
    date.getUTCDate() === Number(day) &&
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    Number(second) < 60
  if (!real || Number(year) < 1900 || Number(year) > 2199)
    throw new CellFault(
      field,
      { zh: '时间读不出来', en: 'It is no date or time that can be read' },
      { zh: '请写成 2026-06-02 10:00:00 的样子', en: 'Write it like 2026-06-02 10:00:00' },
    )
  const start = momentOf(date.getTime() / 86_400_000, Number(hour) * 60 + Number(minute), zone)
  return new Date(start.getTime() + Number(second) * 1000).toISOString()
}

/** `YYYY-MM-DD` */
export function dayTextOf(field: string, cell: string): string {
  return momentText(field, cell, 'UTC').slice(0, 10)
}

export function numberOf(field: string, cell: string): number {
  const text = cell.normalize('NFKC').replaceAll(/[,\s¥￥$元]/g, '')
  const value = Number(text)
  if (text !== '' && Number.isFinite(value)) return value
  throw new CellFault(
    field,
    { zh: '不是数字', en: 'It is no number' },
    { zh: '请只填数字，如 1234.50', en: 'Write a number, such as 1234.50' },
  )
}

/** Yuan to fen, exactly. */
export function fenOf(field: string, cell: string): number {
  const yuan = numberOf(field, cell)
  const fen = Math.round(yuan * 100)
  if (yuan < 0 || Math.abs(yuan * 100 - fen) > 0.001 || fen > 1_000_000_000_000)
    throw new CellFault(
      field,
      {
        zh: '金额不对：要是不小于 0、最多两位小数的元',
        en: 'Money must be yuan, not negative, with two decimals at most',
      },
      { zh: '请核对金额的单位与小数', en: 'Check its unit and decimals' },
    )
  return fen
}

/** Names that stand in one cell. */
export function namesOf(cell: string): readonly string[] {
  return [
    ...new Set(
      cell
        .split(/[,，;；、|｜\n]/)
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    ),
  ]
}
