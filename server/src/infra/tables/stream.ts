import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { parse } from 'csv-parse'
import { AppError, type Said } from '../errors.ts'
import { excessOf } from './workbook-limits.ts'

export const tableFormats = ['csv', 'xlsx'] as const
export type TableFormat = (typeof tableFormats)[number]
export const encodings = ['utf-8', 'gb18030', 'utf-16le'] as const
export type Encoding = (typeof encodings)[number]

/** How a table's file is to be read. */
export interface TableLook {
  readonly format: TableFormat
  readonly encoding: Encoding
  readonly separator: string
}

/** More cannot be a table of people: a hostile file must not fill the memory. */
const maxColumns = 500
const maxCell = 20_000
/** Of a sheet in Excel. */
const maxRows = 1_048_576
const separators = [',', '\t', ';', '|'] as const

/** What kind of file this is, from all of its bytes: an encoding may break anywhere. Throws in words when it is neither. */
export async function lookAtTable(path: string): Promise<TableLook> {
  const head = await headOf(path)
  if (head[0] === 0x50 && head[1] === 0x4b) {
    const excess = await excessOf(path)
    if (excess !== undefined) throw tooMuch(excess)
    return { format: 'xlsx', encoding: 'utf-8', separator: ',' }
  }
  if (head[0] === 0xd0 && head[1] === 0xcf)
    throw brokenTable(
      { zh: '这是旧版 Excel（.xls）或加了密码的文件', en: 'This is a file of an old Excel (.xls), or has a password' },
      {
        zh: '请在 Excel 里去掉密码，另存为 .xlsx 或 CSV 再上传',
        en: 'take the password off, save it as .xlsx or CSV and send that',
      },
    )
  const encoding = await encodingOf(path, head)
  const text = new TextDecoder(encoding).decode(head)
  if (text.includes('\0'))
    throw brokenTable(
      { zh: '文件里有二进制内容，不是表格', en: 'The file holds binary data: it is no table' },
      { zh: '请上传 CSV 或 .xlsx 文件', en: 'send a CSV or an .xlsx file' },
    )
  return { format: 'csv', encoding, separator: separatorOf(text) }
}

async function headOf(path: string): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(65_536), 0, 65_536, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

async function encodingOf(path: string, head: Uint8Array): Promise<Encoding> {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  for (const encoding of ['utf-8', 'gb18030'] as const) if (await isWritten(path, encoding)) return encoding
  throw brokenTable(
    {
      zh: '文件的编码既不是 UTF-8 也不是 GB18030（GBK），内容已经损坏或是别的编码',
      en: 'The file is neither UTF-8 nor GB 18030 (GBK): it is broken, or in another encoding',
    },
    { zh: '请用 Excel 或文本编辑器另存为「CSV UTF-8」再上传', en: 'save it as “CSV UTF-8” and send that' },
  )
}

async function isWritten(path: string, encoding: Encoding): Promise<boolean> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  try {
    for await (const part of createReadStream(path, { highWaterMark: 1 << 20 })) decoder.decode(part, { stream: true })
    decoder.decode()
    return true
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}

/** The separator that the header holds most of, outside quotes. */
export function separatorOf(text: string): string {
  const header = (text.replace(/^\uFEFF/, '').split(/\r?\n/, 1)[0] ?? '').replaceAll(/"[^"]*"/g, '')
  const counts = separators.map((sign) => header.split(sign).length)
  const most = Math.max(...counts)
  return separators[counts.indexOf(most)] ?? ','
}

/**
 * Rows of the table, the header first, one at a time, as a spreadsheet numbers them: an empty row is an empty list. Throws in
 * words when it breaks off.
 */
export async function* rowsOfTable(path: string, look: TableLook): AsyncGenerator<readonly string[]> {
  const rows = look.format === 'xlsx' ? rowsOfWorkbook(path) : rowsOfText(path, look)
  for await (const cells of rows) {
    if (cells.length > maxColumns)
      throw brokenTable(
        {
          zh: `一行有 ${cells.length} 列，最多 ${maxColumns} 列`,
          en: `A row has ${cells.length} columns, at most ${maxColumns}`,
        },
        { zh: '请检查分隔符和引号', en: 'check its separators and quotes' },
      )
    yield cells.some((cell) => cell !== '') ? cells : []
  }
}

async function* rowsOfText(path: string, { encoding, separator }: TableLook): AsyncGenerator<readonly string[]> {
  const parser = parse({
    ...{ bom: true, delimiter: separator, relax_column_count: true, relax_quotes: true },
    ...{ skip_empty_lines: false, trim: true, max_record_size: maxCell * maxColumns },
  })
  const file = createReadStream(path, { highWaterMark: 1 << 18 })
  const decoder = new TextDecoder(encoding)
  file.on('data', (part) => {
    if (!parser.write(decoder.decode(Buffer.from(part), { stream: true }))) file.pause()
  })
  parser.on('drain', () => file.resume())
  file.on('end', () => parser.end(decoder.decode()))
  file.on('error', (error) => parser.destroy(error))
  try {
    for await (const row of parser) yield row as string[]
  } catch (cause) {
    throw broken(cause)
  } finally {
    file.destroy()
    parser.destroy()
  }
}

async function* rowsOfWorkbook(path: string): AsyncGenerator<readonly string[]> {
  const file = createReadStream(path)
  try {
    // 20 MB that only a workbook is worth
    const { default: exceljs } = await import('exceljs')
    const book = new exceljs.stream.xlsx.WorkbookReader(file, {
      ...{ worksheets: 'emit', sharedStrings: 'cache', hyperlinks: 'ignore', styles: 'cache', entries: 'ignore' },
    })
    for await (const sheet of book) {
      let next = 1
      for await (const row of sheet) {
        if (row.number > maxRows) throw new Error('a row has a number that no sheet has')
        // rows of which nothing is kept are empty ones
        for (; next < row.number; next += 1) yield []
        next = row.number + 1
        const cells: string[] = []
        for (let place = 1; place <= Math.min(row.cellCount, maxColumns + 1); place += 1)
          cells.push(textOfCell(row.getCell(place).value).trim())
        yield cells
      }
      // of a workbook the first sheet counts
      return
    }
  } catch (cause) {
    throw broken(cause)
  } finally {
    file.destroy()
  }
}

/** Dates in a sheet have no zone: they are written as the wall clock shows them. */
export function textOfCell(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) return ''
    const text = value.toISOString()
    return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 19).replace('T', ' ')
  }
  if (typeof value === 'string') return value.replaceAll(/_x([0-9A-Fa-f]{4})_/g, unescaped)
  if (typeof value !== 'object') return String(value)
  if ('richText' in value && Array.isArray(value.richText))
    return value.richText.map((part: { text?: unknown }) => String(part.text ?? '')).join('')
  if ('text' in value) return textOfCell(value.text)
  if ('result' in value) return textOfCell(value.result)
  return ''
}

/** How a workbook writes what XML cannot hold. */
function unescaped(_: string, code: string): string {
  return String.fromCharCode(Number.parseInt(code, 16))
}

function broken(cause: unknown): AppError {
  if (cause instanceof AppError) return cause
  return brokenTable(
    {
      zh: '表格读到一半读不下去了，文件可能不完整或已损坏',
      en: 'The table breaks off: the file is incomplete or broken',
    },
    { zh: '请重新导出一份再上传', en: 'export it again and send that' },
    cause,
  )
}

export function brokenTable(said: Said, todo: Said, cause?: unknown): AppError {
  return new AppError(
    'invalid_request',
    { zh: `${said.zh}。`, en: `${said.en}.` },
    { hint: { zh: `${todo.zh}；什么都没有改动。`, en: `Please ${todo.en}; nothing was changed.` }, cause },
  )
}

function tooMuch(excess: 'files' | 'bytes' | 'shared'): AppError {
  const said = {
    files: { zh: '这个工作簿里的文件太多', en: 'This workbook holds too many files' },
    bytes: { zh: '这个工作簿解压后超过 2 GB', en: 'This workbook is larger than 2 GB when it is unpacked' },
    shared: { zh: '这个工作簿里的文字超过 128 MB', en: 'This workbook holds more than 128 MB of text' },
  } as const
  return brokenTable(said[excess], {
    zh: '请只留一张工作表，或另存为 CSV 再上传',
    en: 'keep one sheet only, or save it as CSV and send that',
  })
}
