import { sql } from 'kysely'
import type { Services } from '../../../infra/services.ts'
import { addCampaign } from './campaigns.store.ts'
import { readyTemplates } from './ready-templates.ts'

/**
 * Gives a corp the templates that stand ready, once: what it changes or deletes of them stays so. Called at the start, and when
 * a corp is connected.
 */
export async function giveTemplates({ db, clock }: Pick<Services, 'db' | 'clock'>, corpId: number): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const at = clock.now()
    const { rows } = await sql`
      update corps set settings = settings || jsonb_build_object('campaign_templates_at', ${at.toISOString()}::text)
      where id = ${corpId} and not settings ? 'campaign_templates_at' returning id`.execute(tx)
    if (rows.length === 0) return
    for (const { name, spec } of readyTemplates)
      await addCampaign(tx, { corpId, name, spec, template: true }, { account: null, at })
  })
}
