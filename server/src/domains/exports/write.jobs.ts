import { may, seesPersonalData } from '../../infra/auth/actor.ts'
import { zoneOfCorp } from '../../infra/corp-zone.store.ts'
import { isDatabaseAway } from '../../infra/db/away.ts'
import type { Tx } from '../../infra/db/database.ts'
import { AppError, type Said } from '../../infra/errors.ts'
import { OperationCancelled, OperationInterrupted, type OperationRun } from '../../infra/operations/operations.ts'
import type { Services } from '../../infra/services.ts'
import { clearAlarms } from '../insights/index.ts'
import type { ExportFormat } from './export.ts'
import { actorOf, beginWriting, expireExports, expiryDue, findExport, moveExport, noteReady } from './exports.store.ts'
import { type ExportFiles, exportFiles } from './files.ts'
import { draftGone, erasedMeanwhile, mayNoLonger, unknownTable } from './refusals.ts'
import type { ExportSource, ExportTable } from './source.ts'
import { unansweredDue, waitingKey } from './waiting.ts'
import { eyesOf, formats, type Reached, reachedBy } from './written.ts'

export const exportKind = 'tables.export'

export interface WriteInput {
  readonly exportId: string
}

type Needs = Pick<Services, 'db' | 'clock' | 'config' | 'operations' | 'due'>

/** The long operation that writes a table, and the end of its file; call before operations and what is due are started. */
export function defineExports(services: Needs, sources: readonly ExportSource[]): void {
  services.operations.define<WriteInput>(exportKind, (run) => writeExport(services, run, sources))
  services.due.define(unansweredDue, async (items, tx) => {
    for (const [corpId, list] of Map.groupBy(items, (item) => item.corpId))
      await unanswered(
        tx,
        corpId,
        list.map(({ key }) => key),
        services.clock.now(),
      )
  })
  services.due.define(expiryDue, async (items, tx) => {
    const files = exportFiles(services.config.dataDir)
    for (const { key } of items) await files.remove(key)
    await expireExports(
      tx,
      items.map(({ key }) => key),
    )
  })
}

/** Nobody answered: it ends, and the alarm about it. */
async function unanswered(tx: Tx, corpId: number, ids: readonly string[], at: Date): Promise<void> {
  const ended: string[] = []
  for (const id of ids) if (await moveExport(tx, id, 'expired', { finishedAt: at, from: 'waiting' })) ended.push(id)
  await clearAlarms(tx, corpId, ended.map(waitingKey), at)
}

/** After so many rows what is written is made durable: at most these are read anew after a kill. */
const settledRows = 5_000

/** What a killed process wrote is gone on with; for eyes that may see something else by now it begins anew. */
async function writeExport(
  { db, clock, config, due }: Needs,
  run: OperationRun<WriteInput>,
  sources: readonly ExportSource[],
): Promise<unknown> {
  const id = run.input.exportId
  const files = exportFiles(config.dataDir)
  try {
    const found = await findExport(db, run.corpId, id)
    if (found === undefined) throw new OperationCancelled()
    const begun = await beginWriting(db, id, run.id)
    if (begun === 'ended') throw new OperationCancelled()
    const source = sources.find((one) => one.kind === found.kind)
    if (source === undefined) throw unknownTable(found.kind)
    if (begun === 'erased' && source.personal) throw erasedMeanwhile()
    // as he is now: his role may be another than when he asked
    const actor = await actorOf(db, run.corpId, found.requestedBy)
    if (actor === undefined || !may(actor, 'customers.export') || !may(actor, source.permission)) throw mayNoLonger()
    const zone = await zoneOfCorp(db, run.corpId)
    const as = eyesOf(actor, zone)
    const from = reachedBy(run.checkpoint, as)
    const table = await source.read(actor, found.filters, zone, from?.next)
    await run.progress({ done: from?.rows ?? 0, ...(found.expected === null ? {} : { total: found.expected }) })
    const rows = await writeRows(files, run, table, { as, format: found.format, from })
    const size = await formats[found.format].finish(files, id, table.header, () => run.progress({ done: rows }))
    const at = clock.now()
    const expiresAt = new Date(at.getTime() + config.exportFilesHours * 3_600_000)
    const masked = source.personal ? !seesPersonalData(actor) : null
    await db.transaction().execute(async (tx) => {
      const ended = await noteReady(tx, id, run.id, { rows, size, masked, at, expiresAt })
      if (ended === 'erased') throw erasedMeanwhile()
      if (ended === 'ended') throw new OperationCancelled()
      await due.schedule(tx, [{ corpId: run.corpId, kind: expiryDue, key: id, at: expiresAt }])
    })
    return { export_id: id, rows }
  } catch (error) {
    if (error instanceof OperationInterrupted || isDatabaseAway(error)) throw error
    await files.remove(id)
    const at = clock.now()
    if (error instanceof OperationCancelled) await moveExport(db, id, 'cancelled', { finishedAt: at })
    else await moveExport(db, id, 'failed', { finishedAt: at, problem: problemOf(error) })
    throw error
  }
}

/** Appends the rows that are still missing; answers how many there are then. */
async function writeRows(
  files: ExportFiles,
  run: OperationRun<WriteInput>,
  { header, pages }: ExportTable,
  { as, format, from }: { readonly as: string; readonly format: ExportFormat; readonly from: Reached | undefined },
): Promise<number> {
  const { head, rows: lines } = formats[format]
  const draft = await files.draft(run.input.exportId, from?.bytes ?? 0)
  if (draft === undefined) throw draftGone()
  try {
    if (from === undefined) await draft.append(head(header))
    let rows = from?.rows ?? 0
    let settled = rows
    for await (const page of pages) {
      await draft.append(lines(page.rows))
      rows += page.rows.length
      if (rows - settled < settledRows) {
        await run.progress({ done: rows })
        continue
      }
      settled = rows
      const checkpoint: Reached = { as, rows, bytes: await draft.settle(), next: page.next }
      await run.progress({ done: rows, checkpoint })
    }
    await draft.settle()
    return rows
  } finally {
    await draft.close()
  }
}

function problemOf(error: unknown): { message: Said; hint: Said } {
  const again = {
    zh: '请重新导出；若再次失败，请联系管理员查看日志。',
    en: 'Export it again; if it fails again, see the log.',
  }
  if (error instanceof AppError) return { message: error.said, hint: error.hint ?? again }
  return { message: { zh: '写文件时出错。', en: 'Writing the file failed.' }, hint: again }
}
