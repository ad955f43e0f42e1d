import type { z } from '@hono/zod-openapi'
import type { Said } from '../../infra/errors.ts'
import type { importItem, importView } from './imports.schema.ts'
import type { StoredImport } from './imports.store.ts'
import { mappingFaults, type TargetField } from './mapping.ts'

export function presentItem(found: Omit<StoredImport, 'look' | 'mapping'>): z.infer<typeof importItem> {
  const { reasons: _, ...counts } = found.counts
  return {
    id: found.id,
    kind: found.kind,
    file_name: found.fileName,
    size: found.size,
    state: found.state,
    position: found.position,
    counts,
    created_at: found.createdAt.toISOString(),
    created_by: found.createdByName,
    finished_at: found.finishedAt?.toISOString() ?? null,
  }
}

export function presentImport(
  found: StoredImport,
  targets: readonly TargetField[],
  reasons: readonly (Said & { readonly rows: number })[],
  language: keyof Said,
  seesCells: boolean,
): z.infer<typeof importView> {
  const { problem } = found
  return {
    ...presentItem(found),
    received: found.received,
    look: found.look === undefined ? null : { ...found.look, samples: seesCells ? found.look.samples : [] },
    mapping: found.mapping ?? null,
    targets: targets.map(({ id, name, required = false, identity = false }) => ({
      id,
      name: name[language],
      required,
      identity,
    })),
    mapping_faults:
      found.mapping === undefined ? [] : mappingFaults(targets, found.mapping).map((fault) => fault[language]),
    operation_id: found.operationId,
    counts: { ...found.counts, reasons: reasons.map((one) => ({ reason: one[language], rows: one.rows })) },
    problem: problem === null ? null : { message: problem.message[language], hint: problem.hint[language] },
    file_there: found.fileGoneAt === null,
  }
}
