import type { MiddlewareHandler } from 'hono'
import type { Actor } from '../auth/actor.ts'
import type { ApiContext, ApiVariables } from './api.ts'

/** `<thing>.<verb>`, e.g. `channel.update`: what the audit log is searched by. */
export type AuditAction = `${string}.${string}`

/** What a handler adds to its audit entry: ids, names of settings, reasons; never a secret or personal data. */
export interface AuditNote {
  readonly objectKind?: string
  readonly objectId?: string
  readonly before?: Readonly<Record<string, unknown>>
  readonly after?: Readonly<Record<string, unknown>>
  readonly reason?: string
  /** How many things a bulk action touched. */
  readonly count?: number
}

/** One entry before it is chained: who, what, from where. */
export interface AuditEntry extends AuditNote {
  readonly corpId: number
  readonly actor: Pick<Actor, 'accountId' | 'name' | 'role'> | undefined
  readonly action: AuditAction
  readonly outcome: 'done' | 'refused'
  readonly ip: string
  readonly userAgent: string
  readonly requestId: string
}

/** Where entries go; the compliance room puts it into the context of every request. */
export type AuditSink = (entry: AuditEntry) => Promise<void>

/**
 * Records the request in the audit log: after it was done, and when it was refused (403); other failures changed nothing.
 * An entry that cannot be written fails the request: nobody does or sees anything unrecorded.
 */
export function audited(action: AuditAction): MiddlewareHandler<{ Variables: ApiVariables }> {
  return async (c, next) => {
    await next()
    const outcome = c.res.status < 400 ? 'done' : c.res.status === 403 ? 'refused' : undefined
    if (outcome === undefined) return
    const record = c.get('audit')
    if (record === undefined) throw new Error(`no audit log is mounted for ${action}`)
    await record(auditEntry(c, action, outcome))
  }
}

/** Says what the audit entry of this request is about; later notes add to earlier ones. */
export function noteAudit(c: ApiContext, note: AuditNote): void {
  c.set('auditNote', { ...c.get('auditNote'), ...note })
}

/** The entry of this request, for a handler that writes it inside its own transaction. */
export function auditEntry(c: ApiContext, action: AuditAction, outcome: AuditEntry['outcome']): AuditEntry {
  const actor = c.get('actor')
  const note = c.get('auditNote') ?? {}
  const id = note.objectId ?? c.req.param('id')
  return {
    ...note,
    objectKind: note.objectKind ?? action.slice(0, action.indexOf('.')),
    ...(id === undefined ? {} : { objectId: id }),
    corpId: actor?.corpId ?? 0,
    actor,
    action,
    outcome,
    ip: c.get('ip') ?? '',
    userAgent: (c.req.header('user-agent') ?? '').slice(0, 300),
    requestId: c.get('requestId'),
  }
}
