import fc from 'fast-check'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import type { Visitor } from '../../../infra/http/testing.ts'
import { campaignStage, sound } from '../campaigns/campaign-stage.ts'
import { runRoutes } from '../run/run.routes.ts'

const stage = await campaignStage()
const { db, clock, services } = stage
stage.app.route('/', runRoutes(services))

/** Runs that go out although not enough others agreed to their very version: there may be none. */
const unapproved = async () => {
  const { rows } = await sql<{ id: number }>`
    select r.id from campaign_runs r join campaign_versions v on v.campaign_id = r.campaign_id and v.version = r.version
    where not r.rehearsal and (v.approvals_needed is null
      or exists (select from campaign_approvals p
        where p.campaign_id = r.campaign_id and p.version = r.version and p.verdict = 'refuse')
      or v.approvals_needed > (select count(*) from campaign_approvals p
        where p.campaign_id = r.campaign_id and p.version = r.version and p.verdict = 'agree'
          and not exists (select from campaign_versions w
            where w.campaign_id = r.campaign_id and p.account_id in (w.changed_by, w.submitted_by))))`.execute(db)
  return rows.map((row) => row.id)
}
describe('nothing goes out that was not agreed to', () => {
  it('in whatever order three accounts write, submit, judge, cancel and wait', async () => {
    const accounts = [stage.author, stage.first, stage.second] as const
    const who = fc.constantFrom<0 | 1 | 2>(0, 1, 2)
    const step = fc.oneof(
      fc.record({ do: fc.constant('change' as const), who }),
      fc.record({ do: fc.constant('submit' as const), who, size: fc.constantFrom(10, 5_000) }),
      fc.record({ do: fc.constant('approve' as const), who }),
      fc.record({ do: fc.constant('approve' as const), who }),
      fc.record({ do: fc.constant('refuse' as const), who }),
      fc.record({ do: fc.constant('resume' as const), who }),
      fc.record({ do: fc.constant('wait' as const), who }),
    )
    let out = 0
    const act = async (by: Visitor, id: string, one: { do: string; size?: number }) => {
      const { version } = await db
        .selectFrom('campaigns')
        .select('version')
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      if (one.do === 'change') await by.put(`/api/campaigns/${id}`, { after: version, name: '改', spec: sound })
      if (one.do === 'submit') {
        await stage.rehearsed(id, version, one.size ?? 0)
        await by.post(`/api/campaigns/${id}/submit`, { version })
      }
      if (one.do === 'approve' || one.do === 'refuse')
        await by.post(`/api/campaigns/${id}/${one.do}`, { version, words: '看过了' })
      if (one.do === 'resume') {
        const runs = await db.selectFrom('campaign_runs').select('id').where('campaign_id', '=', id).execute()
        for (const run of runs) await by.post(`/api/campaigns/${id}/runs/${run.id}/resume`)
      }
      if (one.do === 'wait') await stage.due()
    }
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
        const id = await stage.draft()
        for (const one of [...steps, { do: 'wait', who: 0 } as const]) await act(accounts[one.who], id, one)
        expect(await unapproved()).toEqual([])
        out += await stage.runs(id)
      }),
      {
        numRuns: 40,
        examples: [
          [
            [
              { do: 'submit', who: 0, size: 10 },
              { do: 'approve', who: 1 },
            ],
          ],
        ],
      },
    )
    // the property speaks of something: some did go out
    expect(out).toBeGreaterThan(0)
    clock.advance(1_000)
  })
})
