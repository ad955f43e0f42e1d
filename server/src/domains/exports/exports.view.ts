import { z } from '@hono/zod-openapi'
import type { Actor } from '../../infra/auth/actor.ts'
import type { exportView } from './exports.schema.ts'
import type { StoredExport } from './exports.store.ts'
import { type ExportSource, titleOf } from './source.ts'

const filtersOf = z.record(z.string(), z.unknown()).catch({})

export function presentExport(
  actor: Actor,
  found: StoredExport,
  sources: readonly ExportSource[],
  language: 'zh' | 'en',
): z.infer<typeof exportView> {
  const { problem } = found
  const source = sources.find((one) => one.kind === found.kind)
  const account = (id: string, name: string | null) => ({ id, name: name ?? '' })
  return {
    ...{ id: found.id, kind: found.kind, format: found.format, reason: found.reason },
    title: titleOf(source, found.of)[language],
    kind_name: source?.name[language] ?? found.kind,
    filters: filtersOf.parse(found.filters),
    ...{ expected: found.expected, state: found.state, operation_id: found.operationId, done: found.done },
    ...{ rows: found.rows, size: found.size, masked: found.masked, downloads: found.downloads },
    problem: problem === null ? null : { message: problem.message[language], hint: problem.hint[language] },
    requested_by: account(found.requestedBy, found.requestedByName),
    requested_at: found.requestedAt.toISOString(),
    decided_by: found.decidedBy === null ? null : account(found.decidedBy, found.decidedByName),
    decided_at: found.decidedAt?.toISOString() ?? null,
    decision: found.decision,
    finished_at: found.finishedAt?.toISOString() ?? null,
    expires_at: found.expiresAt?.toISOString() ?? null,
    mine: found.requestedBy === actor.accountId,
  }
}
