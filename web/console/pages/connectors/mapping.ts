import type { Connector, FactKind } from './connectors.ts'
import { factKinds, usualFields } from './connectors.ts'

/** What a webhook or a folder tells, and which value fills which field. */
export interface Mapping {
  kind: FactKind
  source: string
  items: string
  lines: string
  money: 'fen' | 'yuan'
  fields: Readonly<Record<string, string>>
}

export const emptyMapping: Mapping = { kind: 'orders', source: 'shop', items: '', lines: '', money: 'yuan', fields: {} }

/** The mapping that a connector has; undefined where it has none to edit. */
export function mappingOf({ kind, config }: Pick<Connector, 'kind' | 'config'>): Mapping | undefined {
  const facts = factKinds.find((one) => one === config['kind'])
  if ((kind !== 'webhook' && kind !== 'folder') || facts === undefined) return undefined
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  const fields =
    typeof config['fields'] === 'object' && config['fields'] !== null ? Object.entries(config['fields']) : []
  return {
    ...{ kind: facts, source: text(config['source']), items: text(config['items']), lines: text(config['lines']) },
    money: config['money'] === 'yuan' ? 'yuan' : 'fen',
    fields: Object.fromEntries(fields.map(([field, path]) => [field, text(path)])),
  }
}

/** The fields that the editor shows: the usual ones, then those that this mapping names beside them. */
export function fieldsShown({ kind, fields }: Pick<Mapping, 'kind' | 'fields'>): readonly string[] {
  return [...new Set([...usualFields[kind], ...Object.keys(fields)])]
}

/** As it is kept: without fields that nothing fills. */
export function cleanMapping(mapping: Mapping): Mapping {
  const fields = Object.entries(mapping.fields).flatMap(([field, path]) =>
    path.trim() === '' ? [] : [[field, path.trim()]],
  )
  return { ...mapping, fields: Object.fromEntries(fields) }
}

/** Fields that are another between two mappings, for the list of versions. */
export function changedFields(before: Mapping, after: Mapping): readonly string[] {
  const names = new Set([...Object.keys(before.fields), ...Object.keys(after.fields)])
  const settings = (['kind', 'source', 'items', 'lines', 'money'] as const).filter((one) => before[one] !== after[one])
  return [...settings, ...[...names].filter((name) => before.fields[name] !== after.fields[name])]
}
