import { v7 as uuid } from 'uuid'
import { type Actor, may } from '../../infra/auth/actor.ts'
import type { Tx } from '../../infra/db/database.ts'
import { notFound } from '../../infra/errors.ts'
import { forbidden } from '../../infra/http/api.ts'
import type { Services } from '../../infra/services.ts'
import { dayMs } from '../../infra/zone.ts'
import { clearAlarms, raiseAlarms } from '../insights/index.ts'
import type { ApprovalRule, ExportFormat } from './export.ts'
import { findExport, insertExport, moveExport, type StoredExport } from './exports.store.ts'
import { meanwhile, notYourOwn, reasonWanted, refusedHow, unknownFilters, unknownTable } from './refusals.ts'
import { type ExportSource, titleOf } from './source.ts'
import { answerDays, unansweredDue, waitingAlarm, waitingKey } from './waiting.ts'
import { exportKind, type WriteInput } from './write.jobs.ts'

export interface NewExport {
  readonly kind: string
  readonly format: ExportFormat
  readonly filters: unknown
  readonly reason: string
}

export interface Exports {
  readonly sources: readonly ExportSource[]
  /** Asks for an export: it is written at once, or waits until somebody agrees. Throws an `AppError` when it may not be. */
  ask(actor: Actor, wanted: NewExport): Promise<StoredExport>
  /** What a second person says to an export that waits. Not the one who asked. */
  decide(actor: Actor, id: string, verdict: 'agree' | 'refuse', words: string): Promise<StoredExport>
  /** Ends one that is not written yet. */
  cancel(actor: Actor, id: string): Promise<StoredExport>
}

export const exportThing = { zh: '导出', en: 'export' }

/** How tables are taken away: the one way for all of them. */
export function createExports(
  { db, clock, operations, due }: Pick<Services, 'db' | 'clock' | 'operations' | 'due'>,
  sources: readonly ExportSource[],
  needsApproval: ApprovalRule,
): Exports {
  const find = async (corpId: number, id: string) => {
    const found = await findExport(db, corpId, id)
    if (found === undefined) throw notFound(exportThing)
    return found
  }
  const begin = (tx: Tx, corpId: number, exportId: string, startedBy: string) =>
    operations.begin({ kind: exportKind, corpId, input: { exportId } satisfies WriteInput, startedBy }, tx)

  /** It waits for nobody any more. */
  const ended = async (tx: Tx, { id, corpId }: StoredExport) => {
    await clearAlarms(tx, corpId, [waitingKey(id)], clock.now())
    await due.unschedule(tx, unansweredDue, [id])
  }

  return {
    sources,
    async ask(actor, { kind, format, filters, reason }) {
      const source = sources.find((one) => one.kind === kind)
      if (source === undefined) throw unknownTable(kind)
      for (const permission of ['customers.export', source.permission] as const)
        if (!may(actor, permission)) throw forbidden(permission)
      const given = checked(source, filters)
      const { of = '', rows } = await source.measure(actor, given)
      const waits = await needsApproval({ kind, personal: source.personal, rows, actor })
      if (waits && reason === '') throw reasonWanted()
      const id = uuid()
      await db.transaction().execute(async (tx) => {
        await insertExport(tx, {
          ...{ id, corpId: actor.corpId, kind, of, format, filters: given, reason, expected: rows ?? null },
          ...{ state: waits ? 'waiting' : 'asked', requestedBy: actor.accountId, requestedAt: clock.now() },
          operationId: waits ? null : await begin(tx, actor.corpId, id, actor.accountId),
        })
        if (!waits) return
        const now = clock.now()
        const at = new Date(now.getTime() + answerDays * dayMs)
        await due.schedule(tx, [{ corpId: actor.corpId, kind: unansweredDue, key: id, at }])
        const waiting = { id, corpId: actor.corpId, expected: rows ?? null }
        await raiseAlarms(tx, [waitingAlarm(waiting, titleOf(source, of), actor.name)], now)
      })
      return find(actor.corpId, id)
    },
    async decide(actor, id, verdict, words) {
      const found = await find(actor.corpId, id)
      if (found.requestedBy === actor.accountId) throw notYourOwn()
      if (verdict === 'refuse' && words === '') throw refusedHow()
      const said = { decidedBy: actor.accountId, decidedAt: clock.now(), decision: words }
      await db.transaction().execute(async (tx) => {
        const moved =
          verdict === 'refuse'
            ? await moveExport(tx, id, 'refused', { ...said, finishedAt: clock.now() })
            : found.state === 'waiting' &&
              (await moveExport(tx, id, 'asked', {
                ...said,
                operationId: await begin(tx, actor.corpId, id, found.requestedBy),
              }))
        if (!moved) throw meanwhile()
        await ended(tx, found)
      })
      return find(actor.corpId, id)
    },
    async cancel(actor, id) {
      const found = await find(actor.corpId, id)
      if (found.state === 'running' || found.state === 'asked') {
        const asked = found.operationId !== null && (await operations.cancel(actor.corpId, found.operationId))
        if (!asked) throw meanwhile()
      } else
        await db.transaction().execute(async (tx) => {
          if (!(await moveExport(tx, id, 'cancelled', { finishedAt: clock.now() }))) throw meanwhile()
          await ended(tx, found)
        })
      return find(actor.corpId, id)
    },
  }
}

function checked(source: ExportSource, filters: unknown): unknown {
  try {
    return source.check(filters)
  } catch (cause) {
    throw unknownFilters(cause)
  }
}
