import type { Executor } from '../db/database.ts'

/** An app of a corp as a client of the platform needs it; its secret stays sealed until it is used. */
export interface ConnectedApp {
  readonly id: string
  readonly corpId: number
  readonly corpid: string
  readonly appKey: string
  readonly kind: string
  readonly secretSealed: Buffer | null
  readonly circuitReason: string | null
  readonly limits: unknown
}

export async function appsOfCorp(on: Executor, corpId: number): Promise<readonly ConnectedApp[]> {
  return on
    .selectFrom('apps')
    .innerJoin('corps', 'corps.id', 'apps.corp_id')
    .select([
      'apps.id',
      'apps.corp_id as corpId',
      'corps.corpid',
      'apps.app_key as appKey',
      'apps.kind',
      'apps.secret_sealed as secretSealed',
      'apps.circuit_reason as circuitReason',
      'corps.limits',
    ])
    .where('apps.corp_id', '=', corpId)
    .orderBy('apps.created_at')
    .orderBy('apps.app_key')
    .execute()
}

export async function limitsOfCorp(on: Executor, corpId: number): Promise<unknown> {
  const row = await on.selectFrom('corps').select('limits').where('id', '=', corpId).executeTakeFirst()
  return row?.limits
}

/**
 * The first reason stays: it is the one that a person must mend. It speaks of the secret that was refused: a refusal that
 * is late must not stop the one that has taken its place.
 */
export async function openAppCircuit(on: Executor, appId: string, secretSealed: Buffer, reason: string): Promise<void> {
  await on
    .updateTable('apps')
    .set({ circuit_reason: reason })
    .where('id', '=', appId)
    .where('secret_sealed', '=', secretSealed)
    .where('circuit_reason', 'is', null)
    .execute()
}

export async function appCircuit(on: Executor, appId: string): Promise<string | undefined> {
  const row = await on.selectFrom('apps').select('circuit_reason').where('id', '=', appId).executeTakeFirst()
  return row?.circuit_reason ?? undefined
}

export async function closeAppCircuit(on: Executor, appId: string): Promise<void> {
  await on.updateTable('apps').set({ circuit_reason: null }).where('id', '=', appId).execute()
}
