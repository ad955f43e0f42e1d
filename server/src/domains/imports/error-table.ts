import { stringify } from 'csv-stringify/sync'
import type { Said } from '../../infra/errors.ts'
import { rowsOfTable } from '../../infra/tables/stream.ts'
import type { Look } from './imports.schema.ts'

interface Fault {
  readonly line: number
  readonly said: Said
  readonly hint: Said
}

const added = { zh: ['原文件行号', '未导入原因', '怎么改'], en: ['line in the file', 'reason', 'what to do'] } as const

const asText = (rows: readonly (readonly (string | number)[])[]) =>
  stringify(
    rows.map((row) => [...row]),
    { escape_formulas: true },
  )

/** The rows that were left out, cell by cell as they stood, the reason beside: mended, the file can be sent as it is. */
export async function* errorTable(
  path: string,
  look: Look,
  language: keyof Said,
  faultsAfter: (line: number) => Promise<readonly Fault[]>,
): AsyncGenerator<string> {
  yield `\uFEFF${asText([[...look.headers, ...added[language]]])}`
  let page = await faultsAfter(0)
  let place = 0
  let line = 0
  let ready: string[][] = []
  for await (const cells of rowsOfTable(path, look)) {
    line += 1
    const fault = page[place]
    if (fault === undefined) break
    if (fault.line !== line) continue
    const padded = look.headers.map((_, at) => cells[at] ?? '')
    ready.push([...padded, String(line), fault.said[language], fault.hint[language]])
    place += 1
    if (place < page.length) continue
    yield asText(ready)
    ready = []
    page = await faultsAfter(line)
    place = 0
  }
  if (ready.length > 0) yield asText(ready)
}
