import { mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../../infra/errors.ts'
import { lookAtTable, rowsOfTable } from '../../../../infra/tables/stream.ts'
import { ConnectorFault, connector, type PullContext } from '../connector.ts'
import { factMapping, mapFacts, rowOf } from '../mapped.ts'

const rowsAtOnce = 1_000
/** A file that is still being written is left alone. */
const settledMs = 3_000

/** CSV files that somebody puts into the connector's folder: the header names the columns that the mapping speaks of. */
export const folder = connector({
  kind: 'folder',
  name: { zh: '监听文件夹（CSV）', en: 'Watched folder (CSV)' },
  config: factMapping,
  hasFolder: true,
  everyMs: 5_000,
  async pull(mapping, context) {
    const next = await nextFile(context)
    if (next === undefined) return { facts: {}, cursor: context.cursor, more: false }
    const facts: unknown[] = []
    let header: readonly string[] | undefined
    let row = 0
    try {
      const path = join(context.folder, next.name)
      for await (const cells of rowsOfTable(path, await lookAtTable(path))) {
        if (header === undefined) {
          if (cells.length > 0) header = cells
          continue
        }
        row += 1
        if (row <= next.after || cells.length === 0) continue
        facts.push(...mapFacts({ ...mapping, items: '' }, rowOf(header, cells)))
        if (facts.length >= rowsAtOnce)
          return { facts: { [mapping.kind]: facts }, cursor: cursorOf(next.key, row), more: true }
      }
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      throw new ConnectorFault({ zh: `${next.name}：${error.said.zh}`, en: `${next.name}: ${error.said.en}` }, error)
    }
    return { facts: { [mapping.kind]: facts }, cursor: cursorOf(next.key, undefined), more: true }
  },
})

/** `<modified>/<name>`, and behind it the row within a file that is not done. */
const cursorOf = (key: string, row: number | undefined) => (row === undefined ? key : `${key}\t${row}`)

async function nextFile({ folder: path, cursor, now }: PullContext) {
  await mkdir(path, { recursive: true })
  const [done = '', row] = (cursor ?? '').split('\t')
  const files: { name: string; key: string; after: number }[] = []
  for (const name of await readdir(path)) {
    if (!/\.(csv|txt|tsv|xlsx)$/i.test(name)) continue
    const { mtimeMs } = await stat(join(path, name))
    if (now.getTime() - mtimeMs < settledMs) continue
    const key = `${new Date(mtimeMs).toISOString()}/${name}`
    if (key > done || (key === done && row !== undefined))
      files.push({ name, key, after: key === done ? Number(row) : 0 })
  }
  return files.sort((a, b) => (a.key < b.key ? -1 : 1))[0]
}
