import type { Executor, Tx } from '../../../infra/db/database.ts'
import { defaultSettings, type Earner, earners, type ReachSettings } from './settings.ts'

/** What a corp set for its sends; what it did not set is as shipped. The brand is its own name unless it set another. */
export async function reachSettings(on: Executor, corpId: number): Promise<ReachSettings> {
  const row = await on
    .selectFrom('corps as c')
    .leftJoin('reach_settings as s', 's.corp_id', 'c.id')
    .select([
      'c.name',
      's.brand',
      's.one_approval_most',
      's.two_for_tiers',
      's.global_holdout_permille',
      's.moments_a_month',
      's.earner_order',
    ])
    .where('c.id', '=', corpId)
    .executeTakeFirst()
  return {
    brand: row?.brand ?? row?.name ?? '',
    oneApprovalMost: row?.one_approval_most ?? defaultSettings.oneApprovalMost,
    twoForTiers: row?.two_for_tiers ?? defaultSettings.twoForTiers,
    globalHoldoutPermille: row?.global_holdout_permille ?? defaultSettings.globalHoldoutPermille,
    momentsAMonth: row?.moments_a_month ?? defaultSettings.momentsAMonth,
    earnerOrder: earnersOf(row?.earner_order ?? null),
  }
}

/** As it is kept; null: as shipped. */
export function earnersOf(kept: readonly string[] | null): readonly Earner[] {
  return kept === null ? defaultSettings.earnerOrder : kept.flatMap((name) => earners.find((one) => one === name) ?? [])
}

export async function writeReachSettings(
  on: Executor,
  corpId: number,
  settings: Omit<ReachSettings, 'brand'> & { readonly brand: string | null },
  at: Date,
): Promise<void> {
  const values = {
    brand: settings.brand,
    one_approval_most: settings.oneApprovalMost,
    two_for_tiers: [...settings.twoForTiers],
    global_holdout_permille: settings.globalHoldoutPermille,
    moments_a_month: settings.momentsAMonth,
    earner_order: [...settings.earnerOrder],
    changed_at: at,
  }
  await on
    .insertInto('reach_settings')
    .values({ corp_id: corpId, ...values })
    .onConflict((conflict) => conflict.column('corp_id').doUpdateSet(values))
    .execute()
}

export interface ForbiddenWord {
  readonly word: string
  readonly advice: string
}

/** The words that a corp forbids in what it sends. */
export async function forbiddenWords(on: Executor, corpId: number): Promise<readonly ForbiddenWord[]> {
  return on
    .selectFrom('forbidden_words')
    .select(['word', 'advice'])
    .where('corp_id', '=', corpId)
    .orderBy('word')
    .limit(5_000)
    .execute()
}

/** For who changes the words of a corp: one after the other, so that nobody writes over what he has not seen. */
export async function holdForbiddenWords(tx: Tx, corpId: number): Promise<void> {
  await tx.selectFrom('corps').select('id').where('id', '=', corpId).forNoKeyUpdate().execute()
}

/** From now on these words and no others are forbidden. */
export async function writeForbiddenWords(
  on: Executor,
  corpId: number,
  words: readonly ForbiddenWord[],
  by: { readonly account: string; readonly at: Date },
): Promise<void> {
  const kept = words.map(({ word }) => word)
  await on
    .deleteFrom('forbidden_words')
    .where('corp_id', '=', corpId)
    .$if(kept.length > 0, (all) => all.where('word', 'not in', kept))
    .execute()
  if (words.length === 0) return
  await on
    .insertInto('forbidden_words')
    .values(
      words.map(({ word, advice }) => ({
        ...{ corp_id: corpId, word, advice, created_by: by.account, created_at: by.at },
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['corp_id', 'word']).doUpdateSet((eb) => ({ advice: eb.ref('excluded.advice') })),
    )
    .execute()
}
