import { setTimeout as sleep } from 'node:timers/promises'
import type { OperationRun } from '../../../infra/operations/operations.ts'
import type { Services } from '../../../infra/services.ts'
import { type BulkInput, type BulkStanding, bulkStandingSchema } from './channel-bulk.schema.ts'
import { bulkExisting, bulkKnown, insertBulk, waitingCodes } from './channel-bulk.store.ts'
import { type BulkMake, type BulkRow, judgeRow, type RowFault } from './channel-bulk.ts'

export const bulkKind = 'channels.bulk'

/** Codes in the making at one time: a cancel stops after so many, and codes in use never wait behind more. */
const chunk = 100
const lookMs = 200
/** The platform may be away: after so long without a new code the run goes on, and the upkeep makes the rest later. */
const patienceMs = 60_000

type Needs = Pick<Services, 'db' | 'clock' | 'log'>

/**
 * Makes the store codes of a table, chunk by chunk; each chunk is at the platform before the next begins. The same table
 * again makes nothing twice; wrong rows are listed and hold nobody up.
 */
export async function runBulk(services: Needs, run: OperationRun<BulkInput>): Promise<unknown> {
  const { db, clock } = services
  const { rows, template } = run.input
  const earlier = bulkStandingSchema.safeParse(run.checkpoint)
  let standing: BulkStanding = earlier.success ? earlier.data : { next: 0, made: 0, already: 0, errors: [] }
  await run.progress({ done: standing.next, total: rows.length })
  while (standing.next < rows.length) {
    const part = rows.slice(standing.next, standing.next + chunk)
    const judged = await judgePart(services, run, part, rows.slice(0, standing.next))
    const made = await db
      .transaction()
      .execute((tx) => insertBulk(tx, run.corpId, judged.makes, template, madeBy(run.id), clock.now()))
    await untilMade(services, run, made, standing.next, rows.length)
    standing = {
      next: standing.next + part.length,
      made: standing.made + judged.ours + made.length,
      already: standing.already + judged.already + (judged.makes.length - made.length),
      errors: [...standing.errors, ...judged.faults],
    }
    await run.progress({ done: standing.next, total: rows.length, checkpoint: standing })
  }
  return standing
}

const madeBy = (operationId: string) => `bulk:${operationId}`

async function judgePart(
  services: Needs,
  run: OperationRun<BulkInput>,
  part: readonly BulkRow[],
  before: readonly BulkRow[],
) {
  const known = await bulkKnown(services.db, run.corpId, part)
  const existing = await bulkExisting(
    services.db,
    run.corpId,
    part.map((row) => row.storeCode),
  )
  const earlier = new Set(before.map((row) => row.storeCode))
  const states = new Set([...known.states, ...before.map((row) => row.state)])
  const makes: BulkMake[] = []
  const faults: RowFault[] = []
  let already = 0
  let ours = 0
  for (const row of part) {
    const maker = earlier.has(row.storeCode) ? undefined : existing.get(row.storeCode)
    if (maker === undefined) {
      const judged = judgeRow(row, { ...known, states, earlier })
      if ('said' in judged) faults.push(judged)
      else makes.push(judged)
    } else if (maker === madeBy(run.id)) ours++
    else already++
    earlier.add(row.storeCode)
    if (row.state !== '') states.add(row.state)
  }
  return { makes, faults, already, ours }
}

async function untilMade(
  services: Needs,
  run: OperationRun<BulkInput>,
  ids: readonly string[],
  base: number,
  total: number,
): Promise<void> {
  let left = await waitingCodes(services.db, run.corpId, ids)
  let movedAt = performance.now()
  while (left > 0) {
    await run.progress({ done: base + ids.length - left, total })
    await sleep(lookMs)
    const now = await waitingCodes(services.db, run.corpId, ids)
    if (now < left) movedAt = performance.now()
    left = now
    if (performance.now() - movedAt > patienceMs) {
      services.log.warn({ operation: run.id, left }, 'the platform makes no codes; the upkeep goes on with them later')
      return
    }
  }
}
