import { limitProfile } from '@nuanyu/wecom'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, describe, expect, it } from 'vitest'
import { createHttp, createPath } from './app.ts'
import { campaignStage, sound } from './domains/reach/campaigns/campaign-stage.ts'
import { saved } from './domains/reach/campaigns/campaigns.schema.ts'
import { runRoutes } from './domains/reach/run/run.routes.ts'
import { createVisitors, declaredRoutes, type Visitor } from './infra/http/testing.ts'

const stage = await campaignStage()
const { db, corpId, clock, services } = stage
stage.app.route('/', runRoutes(services))
const path = createPath(services)
const app = createHttp(
  { ...services, platform: { ...services.platform, limits: async () => limitProfile() } },
  path,
  { version: '0', databaseKind: 'embedded', migration: 'none', sandbox: true, ready: () => true },
  undefined,
)
afterAll(() => path.intake.stop())
const everywhere = createVisitors(app, services).as(corpId)

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
const goneOut = async () =>
  (await db.selectFrom('campaign_runs').select('id').where('rehearsal', '=', false).execute()).length

describe('no route sends what was not agreed to', () => {
  it('when one account that may do everything asks every route of the application for its own campaign', async () => {
    const almighty = await everywhere('administrator')
    const bodies = [
      ...[undefined, {}, { version: 1 }, { version: 1, words: '可以', verdict: 'agree' }, { state: 'approved' }],
      ...[{ after: 1, name: '改', spec: sound }, { name: '抄', template: false }, { take_back: true }],
    ]
    const writes = declaredRoutes(app).filter(
      (route) => route.method !== 'GET' && /campaign|reach|send|approv|run/.test(route.path),
    )
    expect(writes.length).toBeGreaterThan(12)
    // what deletes it comes last
    const inTurn = writes.toSorted((a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE'))
    for (const round of ['while it is a draft', 'while it waits']) {
      const { id } = (await almighty.post('/api/campaigns', { name: '自己写的', spec: sound })).as(saved)
      await stage.rehearsed(id, 1, 5)
      if (round === 'while it waits') await almighty.post(`/api/campaigns/${id}/submit`, { version: 1 })
      const [rehearsal] = await db.selectFrom('campaign_runs').select('id').where('campaign_id', '=', id).execute()
      for (const route of inTurn) {
        const at = route.path.replace('{run}', String(rehearsal?.id)).replaceAll(/\{\w+\}/g, id)
        const method = route.method.toLowerCase() as 'post' | 'put' | 'patch' | 'delete'
        for (const body of bodies) await almighty[method](at, body)
        await stage.due()
        expect([round, route.method, route.path, await goneOut()]).toEqual([round, route.method, route.path, 0])
      }
    }
  })

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
