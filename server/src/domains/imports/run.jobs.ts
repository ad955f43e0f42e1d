import { setImmediate } from 'node:timers/promises'
import { zoneOfCorp } from '../../infra/corp-zone.store.ts'
import { AppError } from '../../infra/errors.ts'
import { OperationCancelled, OperationInterrupted, type OperationRun } from '../../infra/operations/operations.ts'
import type { Services } from '../../infra/services.ts'
import { rowsOfTable } from '../../infra/tables/stream.ts'
import { customersTaker } from './customers.take.jobs.ts'
import { factsTaker } from './facts.take.jobs.ts'
import { tableFiles } from './files.ts'
import type { Counts } from './imports.schema.ts'
import {
  filesToDrop,
  findImport,
  finishWork,
  type LineFault,
  noteFilesGone,
  notePosition,
  type Problem,
} from './imports.store.ts'
import { cellsOf } from './mapping.ts'
import { keyOfCells } from './rows.ts'
import { createSeen } from './seen-keys.ts'
import { storesTaker } from './stores.take.jobs.ts'
import { tagsTaker } from './tags.take.jobs.ts'
import type { Taker, TakerJob, Unit, UnitOutcome } from './taker.ts'

export const importKind = 'tables.import'
export const trialKind = 'tables.import_trial'

export interface ImportInput {
  readonly importId: string
  /** Data rows, as the trial counted them. */
  readonly total?: number
}

/** Rows between two looks at what else has happened. */
const betweenLooks = 100

type Needs = Pick<Services, 'db' | 'database' | 'clock' | 'vault' | 'config' | 'operations' | 'log'>

/** The long operations of imports; call before operations are started. */
export function defineImports(services: Needs): void {
  services.operations.define<ImportInput>(importKind, (run) => runImport(services, run, false))
  services.operations.define<ImportInput>(trialKind, (run) => runImport(services, run, true))
}

export async function runImport(services: Needs, run: OperationRun<ImportInput>, trial: boolean): Promise<unknown> {
  const { db, clock, vault } = services
  const end = (state: 'checked' | 'done' | 'ready' | 'failed' | 'cancelled', problem: Problem | null = null) =>
    finishWork(db, run.input.importId, run.id, state, clock.now(), problem)
  try {
    await dropOldFiles(services)
    const found = await findImport(db, run.corpId, run.input.importId, vault)
    if (found === undefined) throw new Error('the import is gone')
    await takeRows(services, run, { import: found, zone: await zoneOfCorp(db, run.corpId), trial })
    await end(trial ? 'checked' : 'done')
    return { import_id: found.id }
  } catch (error) {
    if (error instanceof OperationInterrupted) throw error
    if (error instanceof OperationCancelled) await end(trial ? 'ready' : 'cancelled')
    else if (error instanceof AppError)
      await end('failed', {
        message: error.said,
        hint: error.hint ?? { zh: '请修改文件后重新上传。', en: 'Mend the file and send it again.' },
      })
    throw error
  }
}

/** Files that have been kept long enough go when the next one is worked on. */
export async function dropOldFiles({ db, clock, config }: Pick<Services, 'db' | 'clock' | 'config'>): Promise<void> {
  const files = tableFiles(config.dataDir)
  const old = await filesToDrop(db, new Date(clock.now().getTime() - config.tableFilesDays * 86_400_000))
  for (const id of old) await files.remove(id)
  if (old.length > 0) await noteFilesGone(db, old, clock.now())
}

async function takerOf(services: Needs, job: TakerJob): Promise<Taker> {
  const { kind } = job.import
  if (kind === 'customers') return customersTaker(services, job)
  if (kind === 'tags') return tagsTaker(services, job)
  return kind === 'stores' ? storesTaker(services, job) : factsTaker(services, job, kind)
}

/** Reads on while the chunk before is written. Rows that are behind it already are read over: a run goes on after a kill. */
async function takeRows(services: Needs, run: OperationRun<ImportInput>, job: TakerJob): Promise<void> {
  const { import: found, trial } = job
  const { look, mapping } = found
  if (look === undefined || mapping === undefined) throw new Error('the import has not been looked into')
  const files = tableFiles(services.config.dataDir)
  if (!(await files.exists(found.id))) throw fileGone()
  const taker = await takerOf(services, job)
  const seen = createSeen()
  const standing = { position: found.position, counts: found.counts }
  await run.progress({ done: standing.position, ...(run.input.total === undefined ? {} : { total: run.input.total }) })

  const write = async (units: readonly Repeating[]) => {
    await taker.take(units, async (outcomes, tx) => {
      const { counts, faults } = summed(standing.counts, units, outcomes, trial)
      const position = (units.at(-1)?.lines.at(-1) ?? 1) - 1
      if (!(await notePosition(tx ?? services.db, found.id, run.id, position, counts, faults)))
        throw new OperationInterrupted('another process took this import over')
      Object.assign(standing, { position, counts })
    })
    await run.progress({ done: standing.position })
  }
  let writing: Promise<void> = Promise.resolve()
  let units: Repeating[] = []
  const flush = async () => {
    const next = units
    units = []
    await writing
    writing = next.length === 0 ? Promise.resolve() : write(next)
    // what fails is met at the next await; until then nobody else may hear of it
    writing.catch(() => undefined)
  }
  let line = 0
  let header = 0
  const behind = standing.position + 1
  try {
    for await (const cells of rowsOfTable(files.pathOf(found.id), look)) {
      line += 1
      if (cells.length === 0) continue
      if (header === 0) {
        header = line
        continue
      }
      const row = cellsOf(mapping, cells)
      const key = keyOfCells(found.kind, row)
      const last = units.at(-1)
      if (found.kind === 'orders' && key !== undefined && last?.key === key && line > behind) {
        last.rows.push(row)
        last.lines.push(line)
        continue
      }
      const repeats = key !== undefined && seen.isSeen(key)
      if (line <= behind) continue
      if (units.length >= taker.chunk) await flush()
      const unit = { line, lines: [line], rows: [row], key, repeats }
      units.push(unit)
      taker.prepare?.(unit)
      // the parser gives rows without a pause: the database's answers must not wait for a whole part of the file
      if (units.length % betweenLooks === 0) await setImmediate()
    }
    await flush()
    await writing
  } finally {
    await writing.catch(() => undefined)
  }
}

interface Repeating extends Unit {
  readonly rows: ReadonlyMap<string, string>[]
  /** Where its rows stand in the file; empty rows may lie between them. */
  readonly lines: number[]
  readonly key: string | undefined
  readonly repeats: boolean
}

function summed(before: Counts, units: readonly Repeating[], outcomes: readonly UnitOutcome[], trial: boolean) {
  const counts = { ...before }
  const faults: LineFault[] = []
  for (const [at, unit] of units.entries()) {
    const outcome = outcomes[at]
    if (outcome === undefined) throw new Error('a row has no outcome')
    const { length } = unit.rows
    if (unit.repeats) counts.repeated += length
    if (outcome.kind === 'rejected') {
      counts.rejected += length
      faults.push(...unit.lines.map((line) => ({ line, fault: outcome.fault })))
      // a trial writes nothing, so it meets what an earlier row would have made as if it were new
    } else counts[trial && unit.repeats && outcome.kind === 'new' ? 'changed' : outcome.kind] += length
  }
  return { counts, faults }
}

export function fileGone(): AppError {
  return new AppError(
    'conflict',
    { zh: '这次导入的文件已经不在了。', en: 'The file of this import is no longer there.' },
    {
      hint: {
        zh: '文件只保留一段时间；若分开部署，各进程的 DATA_DIR 要是同一个目录。请重新上传。',
        en: 'Files are kept for a while only, and processes that run apart must share DATA_DIR. Send the file again.',
      },
    },
  )
}
