import type pg from 'pg'
import { migrate } from '../db/migrate.ts'
import { type Placement, placements } from '../db/placement.ts'
import { analyse, emptyTheOldPlace, leftBehind, settleEventsCarefully, takeToItsPlace } from './distribute.store.ts'
import { foreignKeysOf, type Machine, machineOf, placesOf, type Size, sizesOf, tablesOf } from './layout.store.ts'
import { inOrderOfKeys, type Laid, lies, planOf, type Step } from './plan.ts'

/** Distributing was refused: the message says why and what to do. */
export class DistributionError extends Error {}

const oldest = 12

/** Why a database cannot be distributed as it stands; undefined: it can. */
export function refusalOf(machine: Machine): string | undefined {
  if (machine.citus === undefined)
    return machine.available
      ? '此数据库未启用 Citus。请以超级用户执行 create extension citus;\n  Citus is not in this database. As superuser, on the coordinator and on every worker: create extension citus;'
      : '数据库服务器未安装 Citus。单机无需分布；如需分布，请先在协调节点和工作节点安装 Citus 12 或更高版本。\n  This server has no Citus. One machine needs no distribution; to distribute, install Citus 12 or newer on a coordinator and its workers first (docs/deployment.md).'
  if (Number.parseInt(machine.citus, 10) < oldest)
    return `Citus ${machine.citus} 过旧，需要 ${oldest} 或更高。\n  Citus ${machine.citus} is too old: ${oldest} or newer is needed.`
  if (!machine.onCoordinator)
    return "这不是协调节点，或协调节点尚未登记。请连接协调节点，并执行 select citus_set_coordinator_host('…');\n  This is no coordinator, or one that does not know its own address. Connect to the coordinator, and there: select citus_set_coordinator_host('its address');"
  if (machine.workers === 0)
    return "没有可存放数据的工作节点。请先执行 select citus_add_node('…', 5432);\n  There is no node to hold shards. First: select citus_add_node('worker', 5432);"
  if (machine.servers > 0)
    return `有 ${machine.servers} 个服务进程正在使用此数据库。请先停止，再执行分布。\n  ${machine.servers} server process(es) are using this database. Stop them first: every table is locked while it moves.`
  return undefined
}

/**
 * Brings every table of the database to the place that it declares. Tables already there are left alone, each is moved in
 * a transaction of its own: run again, it goes on where it was interrupted. Answers how many moved.
 */
export async function distribute(pool: pg.Pool, say: (line: string) => void): Promise<number> {
  const machine = await machineOf(pool)
  const refusal = refusalOf(machine)
  if (refusal !== undefined) throw new DistributionError(refusal)
  const { applied } = await migrate(pool)
  if (applied.length > 0) say(`${applied.length} migrations applied`)
  const tables = await tablesOf(pool)
  const steps = planOf(placements, await placesOf(pool, tables), inOrderOfKeys(tables, await foreignKeysOf(pool)))
  const client = await pool.connect()
  try {
    await settleEventsCarefully(client)
    for (const step of steps) {
      try {
        await takeToItsPlace(client, step)
      } catch (error) {
        throw new DistributionError(
          `${step.table}: ${error instanceof Error ? error.message : String(error)}\n  This table is as it was; those before it are in their places. ${step.comeBack ? 'Citus takes no table with an identity column back from its shards: make it anew and copy its rows over, or restore a backup. Then' : 'Mend the cause and'} run this again.`,
          { cause: error },
        )
      }
      await analyse(client, step.table)
      say(`${step.table}: ${inWords(step)}`)
    }
    for (const table of await leftBehind(client)) {
      await emptyTheOldPlace(client, table)
      say(`${table}: its old copy on the coordinator is gone`)
    }
  } finally {
    client.release()
  }
  return steps.length
}

function inWords({ comeBack, to }: Step): string {
  const from = comeBack ? 'taken back from where it lay, ' : ''
  if (to.kind === 'distributed')
    return `${from}distributed by ${to.column}${to.beside === undefined ? '' : ` beside ${to.beside}`}`
  return to.kind === 'reference' ? `${from}on every machine (reference)` : `${from}on the coordinator (local)`
}

export interface TableStatus extends Size {
  readonly table: string
  readonly declared: Placement | undefined
  readonly laid: Laid
  /** It does not lie as declared. On a database that is not distributed nothing has to. */
  readonly drift: boolean
}

export interface Status {
  readonly machine: Machine
  readonly tables: readonly TableStatus[]
}

/** How the database is laid out now, beside how it is declared. */
export async function statusOf(pool: pg.Pool): Promise<Status> {
  const machine = await machineOf(pool)
  const names = await tablesOf(pool)
  const citus = machine.citus !== undefined
  const places = citus
    ? await placesOf(pool, names)
    : names.map((table): Laid => ({ table, where: 'local', column: undefined, group: undefined }))
  const at = new Map(places.map((one) => [one.table, one]))
  const sizes = await sizesOf(pool, citus)
  const tables = places.map((laid): TableStatus => {
    const declared = placements[laid.table]
    return {
      table: laid.table,
      declared,
      laid,
      drift: declared === undefined || (citus && !lies(laid, declared, (table) => at.get(table))),
      ...(sizes.get(laid.table) ?? { shards: 0, rows: 0, bytes: 0 }),
    }
  })
  return { machine, tables }
}
