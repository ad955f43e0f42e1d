import { parse } from 'csv-parse/sync'
import { AppError, type Said } from '../errors.ts'

/** The text of an uploaded table: UTF-8, or GB 18030 as Excel in China writes it. */
export function decodeTable(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    // not UTF-8: the other encoding that such files have; what is neither becomes visible as wrong names
    return new TextDecoder('gb18030').decode(bytes)
  }
}

export interface TableRules<Columns> {
  readonly maxRows: number
  /** What has not happened yet, for the hint: «什么都没有创建» / «nothing was created». */
  readonly untouched: Said
  /** Finds the columns; throws `wrongTable` when the header lacks one. */
  readonly columns: (header: readonly string[]) => Columns
}

export interface TableRow {
  /** In the file, the header being line 1. */
  readonly line: number
  readonly cells: readonly string[]
}

/** Rows of a table with a header; throws in words when it is none, has a wrong header, no rows or too many. */
export function readTable<Columns>(
  text: string,
  { maxRows, untouched, columns: find }: TableRules<Columns>,
): { readonly columns: Columns; readonly rows: readonly TableRow[] } {
  let table: string[][]
  try {
    table = parse(text, { bom: true, relax_column_count: true, skip_empty_lines: true, trim: true, relax_quotes: true })
  } catch (cause) {
    throw wrongTable({ zh: '表格读不出来', en: 'The table cannot be read' }, untouched, cause)
  }
  const [header = [], ...rows] = table
  const columns = find(header)
  if (rows.length === 0) throw wrongTable({ zh: '表格里没有数据行', en: 'The table has no rows' }, untouched)
  if (rows.length > maxRows) {
    throw wrongTable(
      {
        zh: `一次最多 ${maxRows} 行，这个表有 ${rows.length} 行`,
        en: `At most ${maxRows} rows; this table has ${rows.length}`,
      },
      untouched,
    )
  }
  return { columns, rows: rows.map((cells, at) => ({ line: at + 2, cells })) }
}

export function wrongTable(said: Said, untouched: Said, cause?: unknown): AppError {
  return new AppError(
    'invalid_request',
    { zh: `${said.zh}。`, en: `${said.en}.` },
    {
      hint: {
        zh: `请下载模板，按模板的表头填写后再上传；${untouched.zh}。`,
        en: `Download the template and keep its header; ${untouched.en}.`,
      },
      cause,
    },
  )
}
