import type { OperationRun } from '../../../infra/operations/operations.ts'
import type { Services } from '../../../infra/services.ts'
import { type ImportStanding, importStanding, listedChanges } from './stores.schema.ts'
import { knownForStores, mapStaffToStores, saveStores } from './stores.store.ts'
import { judgeStore, type StoreChange, type StoreFault, type StoreRow } from './stores.ts'

export const storeImportKind = 'stores.import'

export interface StoreImportInput {
  readonly rows: readonly StoreRow[]
  readonly dryRun: boolean
}

const chunk = 500

/**
 * Stores of a table, chunk by chunk, by their code: the same table again changes nothing. Wrong rows are listed and hold
 * nobody up. A dry run judges every row and writes none.
 */
export async function runStoreImport(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  run: OperationRun<StoreImportInput>,
): Promise<ImportStanding> {
  const { rows, dryRun } = run.input
  const earlier = importStanding.safeParse(run.checkpoint)
  let standing: ImportStanding = earlier.success
    ? earlier.data
    : { dry_run: dryRun, next: 0, made: 0, changed: 0, same: 0, moved: 0, errors: [], changes: [] }
  await run.progress({ done: standing.next, total: rows.length })
  while (standing.next < rows.length) {
    const part = rows.slice(standing.next, standing.next + chunk)
    const { changes, faults } = await judgePart(db, run.corpId, part, rows.slice(0, standing.next))
    const real = changes.filter((change) => change.changed.length > 0 || change.id === undefined)
    if (!dryRun) await db.transaction().execute((tx) => saveStores(tx, run.corpId, changes, clock.now()))
    standing = {
      ...standing,
      next: standing.next + part.length,
      made: standing.made + real.filter((change) => change.id === undefined).length,
      changed: standing.changed + real.filter((change) => change.id !== undefined).length,
      same: standing.same + changes.length - real.length,
      errors: [...standing.errors, ...faults],
      changes: [...standing.changes, ...real.map(listed)].slice(0, listedChanges),
    }
    await run.progress({ done: standing.next, total: rows.length, checkpoint: standing })
  }
  if (!dryRun) standing = { ...standing, moved: (await mapStaffToStores(db, run.corpId)).moved }
  return standing
}

async function judgePart(
  db: Services['db'],
  corpId: number,
  part: readonly StoreRow[],
  before: readonly StoreRow[],
): Promise<{ changes: StoreChange[]; faults: StoreFault[] }> {
  const known = await knownForStores(db, corpId, part)
  const codes = new Set(before.map((row) => row.code))
  const departments = new Map(before.flatMap((row) => departmentOf(row)))
  const changes: StoreChange[] = []
  const faults: StoreFault[] = []
  for (const row of part) {
    const judged = judgeStore(row, { ...known, earlier: { codes, departments } })
    if ('said' in judged) faults.push(judged)
    else {
      changes.push(judged)
      for (const [id, code] of departmentOf(row)) departments.set(id, code)
    }
    codes.add(row.code)
  }
  return { changes, faults }
}

function departmentOf(row: StoreRow): [number, string][] {
  return row.departmentId !== undefined && /^\d{1,9}$/.test(row.departmentId)
    ? [[Number(row.departmentId), row.code]]
    : []
}

function listed(change: StoreChange): ImportStanding['changes'][number] {
  return { line: change.line, code: change.code, new: change.id === undefined, changed: [...change.changed] }
}
