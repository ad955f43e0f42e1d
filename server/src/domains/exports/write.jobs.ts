import { may, seesPersonalData } from '../../infra/auth/actor.ts'
import { zoneOfCorp } from '../../infra/corp-zone.store.ts'
import { isDatabaseAway } from '../../infra/db/away.ts'
import type { Tx } from '../../infra/db/database.ts'
import { AppError, type Said } from '../../infra/errors.ts'
import { OperationCancelled, OperationInterrupted, type OperationRun } from '../../infra/operations/operations.ts'
import type { Services } from '../../infra/services.ts'
import { csvOf } from '../../infra/tables/write-csv.ts'
import { workbookOf } from '../../infra/tables/write-xlsx.ts'
import { clearAlarms } from '../insights/index.ts'
import { actorOf, beginWriting, expireExports, expiryDue, findExport, moveExport, noteReady } from './exports.store.ts'
import { exportFiles } from './files.ts'
import { mayNoLonger, unknownTable } from './refusals.ts'
import type { Cell, ExportSource } from './source.ts'
import { unansweredDue, waitingKey } from './waiting.ts'

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

/** Written from the first row each time: what a killed process left of it is not the same table any more. */
async function writeExport(
  { db, clock, config, due }: Needs,
  run: OperationRun<WriteInput>,
  sources: readonly ExportSource[],
): Promise<unknown> {
  const id = run.input.exportId
  const files = exportFiles(config.dataDir)
  try {
    const found = await findExport(db, run.corpId, id)
    if (found === undefined || !(await beginWriting(db, id, run.id))) throw new OperationCancelled()
    const source = sources.find((one) => one.kind === found.kind)
    if (source === undefined) throw unknownTable(found.kind)
    // as he is now: his role may be another than when he asked
    const actor = await actorOf(db, run.corpId, found.requestedBy)
    if (actor === undefined || !may(actor, 'customers.export') || !may(actor, source.permission)) throw mayNoLonger()
    const table = await source.read(actor, found.filters, await zoneOfCorp(db, run.corpId))
    let rows = 0
    const total = found.expected === null ? {} : { total: found.expected }
    const counted = async function* (): AsyncGenerator<readonly (readonly Cell[])[]> {
      await run.progress({ done: 0, ...total })
      for await (const page of table.pages) {
        yield page
        rows += page.length
        await run.progress({ done: rows })
      }
    }
    const write = found.format === 'csv' ? csvOf : workbookOf
    const size = await files.write(id, write(table.header, counted()))
    const at = clock.now()
    const expiresAt = new Date(at.getTime() + config.exportFilesHours * 3_600_000)
    const masked = source.personal ? !seesPersonalData(actor) : null
    await db.transaction().execute(async (tx) => {
      if (!(await noteReady(tx, id, run.id, { rows, size, masked, at, expiresAt }))) throw new OperationCancelled()
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

function problemOf(error: unknown): { message: Said; hint: Said } {
  const again = {
    zh: '请重新导出；若再次失败，请联系管理员查看日志。',
    en: 'Export it again; if it fails again, see the log.',
  }
  if (error instanceof AppError) return { message: error.said, hint: error.hint ?? again }
  return { message: { zh: '写文件时出错。', en: 'Writing the file failed.' }, hint: again }
}
