import type { Services } from '../../infra/services.ts'
import { brokenTable, lookAtTable, rowsOfTable } from '../../infra/tables/stream.ts'
import { tableFiles } from './files.ts'
import { noteLook, type StoredImport } from './imports.store.ts'
import { guessMapping, type TargetField } from './mapping.ts'

const sampled = 5

/** Reads the header and some rows of a file, and guesses what its columns mean. Throws in words when it is no table. */
export async function lookInto(
  { db, vault, config }: Pick<Services, 'db' | 'vault' | 'config'>,
  found: StoredImport,
  targets: readonly TargetField[],
): Promise<void> {
  const path = tableFiles(config.dataDir).pathOf(found.id)
  const look = await lookAtTable(path)
  const rows: (readonly string[])[] = []
  for await (const cells of rowsOfTable(path, look)) {
    if (cells.length === 0) continue
    rows.push(cells)
    if (rows.length > sampled) break
  }
  const [headers, ...samples] = rows
  const untouched = {
    zh: '第一行要是表头，下面每行一条数据',
    en: 'the first row is the header, each row below one thing',
  }
  if (headers === undefined) throw brokenTable({ zh: '这个文件是空的', en: 'This file is empty' }, untouched)
  if (samples.length === 0)
    throw brokenTable({ zh: '表格里只有表头，没有数据行', en: 'The table has a header and no rows' }, untouched)
  const shown = samples.map((cells) => cells.map((cell) => cell.slice(0, 200)))
  const seen = { ...look, headers: headers.map((header) => header.slice(0, 100)), samples: shown }
  await noteLook(db, found.id, seen, guessMapping(targets, seen.headers, shown), vault)
}
