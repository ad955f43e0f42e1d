import { AppError } from '../../../infra/errors.ts'
import { readTable } from '../../../infra/tables/csv.ts'
import { rowOf } from './mapped.ts'

export function parsedSample(sample: string): unknown {
  try {
    return JSON.parse(sample)
  } catch (cause) {
    throw new AppError(
      'invalid_request',
      { zh: '样例不是 JSON。', en: 'The sample is no JSON.' },
      {
        hint: { zh: '请粘贴对方系统实际发送的一段 JSON。', en: 'Paste a piece of JSON that the other system sends.' },
        cause,
      },
    )
  }
}

/** As a watched folder's files are read. */
export function rowsOfSample(sample: string): readonly Record<string, string>[] {
  const { columns, rows } = readTable(sample, { maxRows: 1_000, untouched, columns: (header) => header })
  return rows.map(({ cells }) => rowOf(columns, cells))
}
const untouched = { zh: '什么都没有保存', en: 'nothing was kept' }
