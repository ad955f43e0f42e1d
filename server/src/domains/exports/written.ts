import { z } from 'zod'
import type { Actor } from '../../infra/auth/actor.ts'
import { csvHeader, csvRows } from '../../infra/tables/write-csv.ts'
import { workbookOf } from '../../infra/tables/write-xlsx.ts'
import type { ExportFormat } from './export.ts'
import type { ExportFiles } from './files.ts'
import type { Cell } from './source.ts'

type Rows = readonly (readonly Cell[])[]

/** How far a table is written, so that after a kill it is gone on with. */
const reached = z.object({
  /** As whom, by what clocks. */
  as: z.string(),
  rows: z.int(),
  /** Of the draft, durable. */
  bytes: z.int(),
  /** Of the source: where its next page begins. */
  next: z.unknown(),
})
export type Reached = z.output<typeof reached>

/** Whose eyes the rows are written for: for other ones the table is another from its first row on. */
export function eyesOf({ role, scope, locale }: Actor, zone: string): string {
  return JSON.stringify([role, scope, locale, zone])
}

/** Where to go on; undefined: at the first row. */
export function reachedBy(checkpoint: unknown, as: string): Reached | undefined {
  const found = reached.safeParse(checkpoint)
  return found.success && found.data.as === as ? found.data : undefined
}

/**
 * How a draft keeps rows, and how it becomes the file. A CSV is its own draft. A workbook is packed as a whole and cannot
 * be gone on with: its rows wait as lines, and are packed when all are there, which asks the database nothing.
 */
interface Format {
  head(header: readonly string[]): Uint8Array
  rows(page: Rows): Uint8Array
  finish(files: ExportFiles, id: string, header: readonly string[], onPage: () => Promise<void>): Promise<number>
}

const bytes = new TextEncoder()
const line = z.array(z.union([z.string(), z.number(), z.null()]))

export const formats: Readonly<Record<ExportFormat, Format>> = {
  csv: {
    head: csvHeader,
    rows: csvRows,
    finish: (files, id) => files.publish(id),
  },
  xlsx: {
    head: () => new Uint8Array(),
    rows: (page) => bytes.encode(page.map((cells) => `${JSON.stringify(cells)}\n`).join('')),
    finish: (files, id, header, onPage) => files.write(id, workbookOf(header, packed(files, id, onPage))),
  },
}

async function* packed(files: ExportFiles, id: string, onPage: () => Promise<void>): AsyncGenerator<Rows> {
  const text = new TextDecoder()
  let begun = ''
  for await (const part of files.readDraft(id)) {
    const lines = (begun + text.decode(part, { stream: true })).split('\n')
    begun = lines.pop() ?? ''
    await onPage()
    yield lines.map((one) => line.parse(JSON.parse(one)))
  }
}
