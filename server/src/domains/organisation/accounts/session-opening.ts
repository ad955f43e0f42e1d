import { setCookie } from 'hono/cookie'
import { v7 as uuid } from 'uuid'
import { sessionCookie } from '../../../infra/auth/cookies.ts'
import { createSession, type SessionMethod, sessionLife } from '../../../infra/auth/sessions.store.ts'
import { hashToken, newToken } from '../../../infra/auth/tokens.ts'
import type { ApiContext } from '../../../infra/http/api.ts'
import { type AuditEntry, auditEntry } from '../../../infra/http/audited.ts'
import type { Services } from '../../../infra/services.ts'
import { writeAudit } from '../../compliance/index.ts'
import type { Account } from './accounts.ts'

/** Begins a session under a fresh token, whatever cookie came with the request, and records the log-in. */
export async function openSession(
  services: Pick<Services, 'config' | 'db'>,
  c: ApiContext,
  account: Account,
  method: SessionMethod,
  now: Date,
): Promise<void> {
  const token = newToken()
  await services.db.transaction().execute(async (tx) => {
    await createSession(
      tx,
      {
        id: uuid(),
        tokenHash: hashToken(token),
        accountId: account.id,
        method,
        ip: c.get('ip'),
        userAgent: (c.req.header('user-agent') ?? '').slice(0, 300),
      },
      now,
    )
    await writeAudit(tx, loginEntry(c, account, method, 'done'))
  })
  const { name, options } = sessionCookie(services.config)
  setCookie(c, name, token, { ...options, maxAge: sessionLife.absoluteMs / 1000 })
}

/** A log-in as the audit log keeps it; of names that do not exist nothing is kept, a password may have been typed there. */
export function loginEntry(
  c: ApiContext,
  account: Account,
  method: SessionMethod,
  outcome: AuditEntry['outcome'],
): AuditEntry {
  return {
    ...auditEntry(c, 'account.login', outcome),
    corpId: account.corpId ?? 0,
    actor: { accountId: account.id, name: account.name, role: account.role },
    objectId: account.id,
    after: { method },
  }
}
