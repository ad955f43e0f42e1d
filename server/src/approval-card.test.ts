import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { sound } from './domains/reach/campaigns/campaign-stage.ts'
import { campaignDetail, saved } from './domains/reach/campaigns/campaigns.schema.ts'
import { defineApprovalCards } from './domains/reach/index.ts'
import { createVisitors } from './infra/http/testing.ts'
import { pathStage } from './path-stage.ts'

const stage = await pathStage({ sandbox: { people: 2, staff: 4 } })
const { services, sandbox, sandboxUrl } = stage
const { db } = services
defineApprovalCards(services)
services.operations.start(db)
afterAll(() => services.operations.stop())

const corp = await db.selectFrom('corps').select('id').executeTakeFirstOrThrow()
const author = await createVisitors(stage.http, services).as(corp.id)('operator')
const [lin = '', wang = ''] = [0, 1].map((at) => sandbox?.world.staff.at(at)?.userid ?? '')
const bound = async (userid: string, role: 'administrator' | 'operator') => {
  const id = uuid()
  await sql`insert into accounts (id, corp_id, username, name, role, scope_kind, wecom_userid, created_at, created_by)
    values (${id}, ${corp.id}, ${userid}, ${userid}, ${role}, 'corp', ${userid}, now(), 'test')`.execute(db)
  return id
}
await bound(lin, 'administrator')
await bound(wang, 'operator')

const messages = z.object({
  messages: z.array(
    z.object({
      body: z.looseObject({ cardId: z.string().optional(), replaced: z.string().optional(), type: z.string() }),
    }),
  ),
})
const cardOf = async (userid: string) => {
  const answer = await fetch(`${sandboxUrl}/sandbox/people/${userid}/chats/app:nuanyu/messages`)
  if (answer.status === 404) return undefined
  return messages.parse(await answer.json()).messages.findLast(({ body }) => body.type === 'card')?.body
}
const tap = async (userid: string, cardId: string, key: string) => {
  const answer = await fetch(`${sandboxUrl}/sandbox/people/${userid}/cards/${cardId}/tap`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ key }),
  })
  expect(answer.status).toBe(200)
  await stage.settled()
}
const submitted = async (): Promise<string> => {
  const { id } = (await author.post('/api/campaigns', { name: '双十一预热', spec: sound })).as(saved)
  const plan = JSON.stringify({ fates: { sent_to: 12, held: 0 } })
  await sql`insert into campaign_runs (corp_id, campaign_id, version, rehearsal, state, planned_for, plan, created_at)
    values (${corp.id}, ${id}, 1, true, 'planned', now(), ${plan}::jsonb, now())`.execute(db)
  expect((await author.post(`/api/campaigns/${id}/submit`, { version: 1 })).status).toBe(200)
  // the job queue sleeps here: operations are looked for at the start
  await services.operations.stop()
  services.operations.start(db)
  await expect
    .poll(async () => {
      const cards = db.selectFrom('effects').select('state').where('key', 'like', `approval_card:${id}:%`)
      return (await cards.execute()).map((row) => row.state)
    })
    .toEqual(['done'])
  return id
}
const detail = async (id: string) => (await author.get(`/api/campaigns/${id}`)).as(campaignDetail)

describe('a campaign that waits', () => {
  it('is shown on a card to who may judge it, and a tap is the word of the account behind the member', async () => {
    const id = await submitted()
    expect(await cardOf(wang)).toBeUndefined()
    const card = await cardOf(lin)
    expect(card).toMatchObject({ title: '待审批：双十一预热', buttons: [{ text: '同意' }, { text: '驳回' }] })
    await tap(lin, card?.cardId ?? '', 'agree')
    const after = await detail(id)
    expect([after.state, after.submission?.verdicts]).toMatchObject([
      'approved',
      [{ name: lin, verdict: 'agree', through: 'card' }],
    ])
    expect((await cardOf(lin))?.replaced).toBe('已同意')
    const { rows } = await sql<{ action: string; after: unknown }>`
      select action, summary->'after' as after from audit_entries where object_id = ${id} and action = 'campaign.approve'`.execute(
      db,
    )
    expect(rows).toMatchObject([{ after: { version: 1, through: 'card', state: 'approved' } }])
  })

  it('takes no word from a card of a version that was changed meanwhile', async () => {
    const id = await submitted()
    const card = await cardOf(lin)
    await author.put(`/api/campaigns/${id}`, { after: 1, name: '改过', spec: sound })
    await tap(lin, card?.cardId ?? '', 'agree')
    expect(await detail(id)).toMatchObject({ state: 'draft', version: 2, submission: null })
    expect((await cardOf(lin))?.replaced).toContain('已失效')
  })

  it('goes back to its author when it is refused on the card', async () => {
    const id = await submitted()
    await tap(lin, (await cardOf(lin))?.cardId ?? '', 'refuse')
    const after = await detail(id)
    expect([after.state, after.submission?.verdicts[0]?.verdict]).toEqual(['draft', 'refuse'])
  })
})
