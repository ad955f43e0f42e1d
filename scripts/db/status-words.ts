import type { Placement } from '../../server/src/infra/db/placement.ts'
import type { Status, TableStatus } from '../../server/src/infra/distribution/distribute.ts'
import type { Laid } from '../../server/src/infra/distribution/plan.ts'

/** The layout of a database as lines for a terminal. Rows are PostgreSQL's estimate. */
export function statusInWords({ machine, tables }: Status): string {
  const citus = machine.citus !== undefined
  const head = citus
    ? `Citus ${machine.citus}, ${machine.workers} machine(s) with shards, ${tables.length} tables`
    : `PostgreSQL alone (no Citus), ${tables.length} tables`
  if (tables.length === 0) return `${head}\nThere are no tables yet: the first start of the server makes them.`
  const lines = tables.map((table) => [
    table.table,
    declaredInWords(table.declared),
    ...(citus ? [laidInWords(table.laid), table.shards > 0 ? String(table.shards) : ''] : []),
    `~${table.rows}`,
    sizeInWords(table.bytes),
    table.drift ? '<- drift' : '',
  ])
  const titles = ['table', 'declared', ...(citus ? ['now', 'shards'] : []), 'rows', 'size', '']
  return [head, '', ...inColumns([titles, ...lines]), '', verdict(citus, tables)].join('\n')
}

function verdict(citus: boolean, tables: readonly TableStatus[]): string {
  const drifted = tables.filter((table) => table.drift)
  const undeclared = drifted.filter((table) => table.declared === undefined)
  if (undeclared.length > 0) return `Not declared anywhere: ${undeclared.map((table) => table.table).join(', ')}`
  if (!citus) return 'Nothing is distributed; the declarations say where tables would go.'
  if (drifted.length === 0) return 'Every table lies as declared.'
  return `${drifted.length} tables do not lie as declared. Run: npm run db -- distribute`
}

function declaredInWords(placement: Placement | undefined): string {
  if (placement === undefined) return 'nothing'
  return 'column' in placement ? `${placement.kind} (${placement.column})` : placement.kind
}

function laidInWords({ where, column, group }: Laid): string {
  return where === 'distributed' ? `by ${column}, group ${group}` : where
}

function sizeInWords(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  return `${Math.round(bytes / 1024 ** step)} ${units[step]}`
}

function inColumns(lines: readonly (readonly string[])[]): string[] {
  const widths = (lines[0] ?? []).map((_, at) => Math.max(...lines.map((line) => (line[at] ?? '').length)))
  return lines.map((line) =>
    line
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
