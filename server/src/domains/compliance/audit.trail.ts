import type { MiddlewareHandler } from 'hono'
import { type Clock, systemClock } from '../../infra/clock.ts'
import type { Executor } from '../../infra/db/database.ts'
import type { ApiVariables } from '../../infra/http/api.ts'
import type { AuditEntry } from '../../infra/http/audited.ts'
import type { Services } from '../../infra/services.ts'
import { append, headOf, stretch } from './audit.store.ts'
import {
  type AuditRecord,
  type ChainEnd,
  type ChainFault,
  chainStart,
  equal,
  follow,
  storable,
  withoutSecrets,
} from './audit.ts'

/** Writes one entry; inside a transaction it stands or falls with it. Times are the machine's: this is evidence. */
export async function writeAudit(on: Executor, entry: AuditEntry, machine: Clock = systemClock): Promise<void> {
  const { before, after, reason, count } = entry
  await append(on, {
    corpId: entry.corpId,
    at: machine.now(),
    accountId: entry.actor?.accountId ?? null,
    accountName: entry.actor?.name ?? '',
    role: entry.actor?.role ?? '',
    action: entry.action,
    outcome: entry.outcome,
    objectKind: entry.objectKind ?? '',
    objectId: entry.objectId === undefined ? null : storable(entry.objectId).slice(0, 200),
    summary: withoutSecrets({ before, after, reason, count }),
    ip: entry.ip,
    userAgent: storable(entry.userAgent),
    requestId: entry.requestId,
  } satisfies Omit<AuditRecord, 'seq'>)
}

/** Gives every request the place where its entry goes; mounted before the rooms. */
export function auditTrail(services: Pick<Services, 'db'>): MiddlewareHandler<{ Variables: ApiVariables }> {
  return async (c, next) => {
    c.set('audit', (entry) => writeAudit(services.db, entry))
    await next()
  }
}

export interface ChainReport {
  readonly ok: boolean
  readonly checked: number
  readonly end: ChainEnd
  readonly fault: ChainFault | { readonly kind: 'cut' | 'anchor'; readonly seq: number } | undefined
}

const stretchLength = 1_000

/**
 * Checks a corp's whole chain against itself, its recorded end (entries cut off at the end), and optionally against an
 * anchor: a number and hash noted earlier elsewhere, which finds even a chain that was rewritten as a whole.
 */
export async function verifyChain(on: Executor, corpId: number, anchor?: ChainEnd): Promise<ChainReport> {
  let end: ChainEnd = { seq: 0, hash: chainStart }
  // read first: what is appended meanwhile is beyond it and no fault
  const head = await headOf(on, corpId)
  const failed = (fault: ChainReport['fault']): ChainReport => ({ ok: false, checked: end.seq, end, fault })
  for (;;) {
    const records = await stretch(on, corpId, end.seq, stretchLength)
    const before = end
    const followed = follow(end, records)
    end = followed.end
    if (followed.fault !== undefined) return failed(followed.fault)
    if (anchor !== undefined && anchor.seq > before.seq && anchor.seq <= end.seq) {
      const anchored = records[anchor.seq - before.seq - 1]
      if (anchored === undefined || !equal(anchored.hash, anchor.hash))
        return failed({ kind: 'anchor', seq: anchor.seq })
    }
    if (head !== undefined && head.seq > before.seq && head.seq <= end.seq) {
      const last = records[head.seq - before.seq - 1]
      if (last === undefined || !equal(last.hash, head.hash)) return failed({ kind: 'cut', seq: head.seq })
    }
    if (records.length < stretchLength) break
  }
  if (head !== undefined && head.seq > end.seq) return failed({ kind: 'cut', seq: head.seq })
  if (anchor !== undefined && anchor.seq > end.seq) return failed({ kind: 'anchor', seq: anchor.seq })
  return { ok: true, checked: end.seq, end, fault: undefined }
}
