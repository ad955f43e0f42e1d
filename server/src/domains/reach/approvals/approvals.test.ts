import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import { describe, expect, it } from 'vitest'
import { noteChanges } from '../../audiences/index.ts'
import { campaignStage, sound } from '../campaigns/campaign-stage.ts'
import { campaignDetail, saved } from '../campaigns/campaigns.schema.ts'
import { startRun } from '../campaigns/start.jobs.ts'
import { wordsView } from '../settings/settings.schema.ts'
import { waitingPage } from './approval.schema.ts'

const stage = await campaignStage()
const { author, first, second, db, corpId } = stage
const approve = (who: typeof first, id: string, version = 1) =>
  who.post(`/api/campaigns/${id}/approve`, { version, words: '可以' })
const refuse = (who: typeof first, id: string, words = '说法太满') =>
  who.post(`/api/campaigns/${id}/refuse`, { version: 1, words })

describe('the approval of a campaign', () => {
  it('is asked of one person up to a thousand recipients and of two beyond, and then it goes out', async () => {
    const small = await stage.submitted({}, 1_000)
    expect((await approve(first, small)).as(saved).state).toBe('approved')
    const large = await stage.submitted({}, 1_001)
    expect((await approve(first, large)).as(saved).state).toBe('waiting')
    await stage.due()
    expect([await stage.runs(small), await stage.runs(large)]).toEqual([1, 0])
    expect((await approve(first, large)).status).toBe(409)
    expect((await approve(second, large)).as(saved).state).toBe('approved')
    await stage.due()
    expect([await stage.runs(large), await stage.standing(large)]).toEqual([1, 'live'])
    expect(stage.operations.begun.at(-1)).toMatchObject({ kind: 'campaign.plan', input: { runId: expect.any(Number) } })
  })

  it('is never given by who wrote or submitted it, whatever else he may do', async () => {
    const written = await first.post('/api/campaigns', { name: '自己写的', spec: sound })
    const { id } = written.as(saved)
    await stage.rehearsed(id, 1, 10)
    expect((await second.post(`/api/campaigns/${id}/submit`, { version: 1 })).status).toBe(200)
    expect((await approve(first, id)).status).toBe(403)
    expect((await approve(second, id)).status).toBe(403)
    expect(await stage.standing(id)).toBe('waiting')
    expect((await author.post(`/api/campaigns/${id}/approve`, { version: 1 })).status).toBe(403)
  })

  it('is void with any new version, and the campaign does not go out', async () => {
    const id = await stage.submitted()
    await approve(first, id)
    const changed = await author.put(`/api/campaigns/${id}`, { after: 1, name: '改个名字', spec: sound })
    expect(changed.as(campaignDetail)).toMatchObject({ state: 'draft', version: 2, submission: null })
    expect(stage.audited.at(-1)).toMatchObject({ action: 'campaign.update', after: { approval_voided: true } })
    await stage.due()
    expect(await stage.runs(id)).toBe(0)
    // the word given to the first version counts nothing for the second
    await stage.rehearsed(id, 2, 10)
    await author.post(`/api/campaigns/${id}/submit`, { version: 2 })
    expect((await approve(first, id, 1)).status).toBe(409)
    expect(await stage.standing(id)).toBe('waiting')
  })

  it('stands among what is to be done until it is agreed to, returned, written anew or cancelled', async () => {
    const stands = async (id: string) =>
      (
        await db
          .selectFrom('alarms')
          .select('title')
          .where('key', '=', `campaign.waiting:${id}`)
          .where('cleared_at', 'is', null)
          .execute()
      ).length
    const ends: ((id: string) => Promise<unknown>)[] = [
      (id) => approve(first, id),
      (id) => refuse(first, id),
      (id) => author.put(`/api/campaigns/${id}`, { after: 1, name: '改个名字', spec: sound }),
      (id) => author.post(`/api/campaigns/${id}/cancel`),
    ]
    for (const end of ends) {
      const id = await stage.submitted()
      expect(await stands(id)).toBe(1)
      await end(id)
      expect(await stands(id)).toBe(0)
    }
    // while a second word is wanted it still waits
    const large = await stage.submitted({}, 1_001)
    await approve(first, large)
    expect(await stands(large)).toBe(1)
    await approve(second, large)
    expect(await stands(large)).toBe(0)
  })

  it('is refused with words that its author reads, and may be asked for again', async () => {
    const id = await stage.submitted()
    expect((await refuse(first, id, '')).status).toBe(422)
    expect((await refuse(first, id)).as(saved).state).toBe('draft')
    const { submission } = (await author.get(`/api/campaigns/${id}`)).as(campaignDetail)
    expect(submission?.verdicts).toMatchObject([{ verdict: 'refuse', words: '说法太满', through: 'console' }])
    expect(stage.audited.at(-1)).toMatchObject({ action: 'campaign.refuse', reason: '说法太满' })
    // the same version stays refused: it must be changed first
    expect((await author.post(`/api/campaigns/${id}/submit`, { version: 1 })).status).toBe(422)
  })

  it('cannot be asked for without a rehearsal of this version, nor while something stops it', async () => {
    const id = await stage.draft()
    const unrehearsed = await author.post(`/api/campaigns/${id}/submit`, { version: 1 })
    expect([unrehearsed.status, unrehearsed.body]).toMatchObject([422, { message: expect.stringContaining('预演') }])
    const aimless = await stage.draft({ goal: null })
    await stage.rehearsed(aimless, 1, 10)
    const stopped = await author.post(`/api/campaigns/${aimless}/submit`, { version: 1 })
    expect(stopped.body).toMatchObject({ code: 'rule', details: { faults: [{ problem: 'no_goal' }] } })
  })

  it('asks two by the size that the corp set, and lists what waits', async () => {
    const settings = { brand: null, one_approval_most: 5, two_for_tiers: [], global_holdout_permille: 20 }
    expect((await first.put('/api/reach/settings', settings)).status).toBe(200)
    const id = await stage.submitted({}, 6)
    const waiting = (await first.get('/api/campaign-approvals')).as(waitingPage).items.find((one) => one.id === id)
    expect(waiting?.submission).toMatchObject({ recipients: 6, needed: 2, agreed: 0, mine: false })
    expect((await author.put('/api/reach/settings', settings)).status).toBe(403)
  })

  it('asks two, however few it reaches, where one of them is of a tier that the corp set', async () => {
    await sql`insert into customers (id, corp_id, name, created_at) values (1, ${corpId}, '张三', now())`.execute(db)
    await db.transaction().execute((tx) =>
      noteChanges(tx, corpId, [
        { customerId: 1, kind: 'person', present: true },
        { customerId: 1, kind: 'mark', key: 'tier:vip', present: true },
        { customerId: 1, kind: 'mark', key: 'tag:a', present: true },
      ]),
    )
    const settings = { brand: null, one_approval_most: 1_000, global_holdout_permille: 20 }
    await first.put('/api/reach/settings', { ...settings, two_for_tiers: ['vip'] })
    const tagged = (tag: string) => ({ whom: { rule: { is: 'tags', mode: 'any', tags: [tag] } } })
    expect((await approve(first, await stage.submitted(tagged('a'), 1))).as(saved).state).toBe('waiting')
    expect((await approve(first, await stage.submitted(tagged('b'), 1))).as(saved).state).toBe('approved')
    // by a corp tag, by the platform's id of it, he is reached as well
    await sql`insert into tag_groups (corp_id, id, kind, ours, truth, name, created_at)
      values (${corpId}, 'g', 'corp', false, 'wecom', '等级', now())`.execute(db)
    await sql`insert into tags (corp_id, id, group_id, platform_id, name, created_at)
      values (${corpId}, 'a', 'g', 'etA', '甲', now()), (${corpId}, 'b', 'g', 'etB', '乙', now())`.execute(db)
    const moment = (tag: string) => ({ kind: 'moment', whom: null, holdout_permille: 0, moment: { tags: [tag] } })
    expect((await approve(first, await stage.submitted(moment('etA'), 1))).as(saved).state).toBe('waiting')
    expect((await approve(first, await stage.submitted(moment('etB'), 1))).as(saved).state).toBe('approved')
    // a send to groups reaches who is in them, and no longer who has left
    await sql`insert into groups (corp_id, chat_id, name, owner, created_at, read_at)
      select ${corpId}, chat_id, chat_id, 'ann', now(), now() from unnest(array['wr1', 'wr2']) as given(chat_id)`.execute(
      db,
    )
    await sql`insert into group_members (corp_id, chat_id, member_id, kind, customer_id, joined_at, left_at)
      values (${corpId}, 'wr1', 'wm1', 'external', 1, now(), null), (${corpId}, 'wr2', 'wm1', 'external', 1, now() - interval '1 day', now())`.execute(
      db,
    )
    const groups = (chat: string) => ({
      ...{ kind: 'group_send', whom: null, holdout_permille: 0 },
      groups: { chats: [chat] },
    })
    expect((await approve(first, await stage.submitted(groups('wr1'), 1))).as(saved).state).toBe('waiting')
    expect((await approve(first, await stage.submitted(groups('wr2'), 1))).as(saved).state).toBe('approved')
    await first.put('/api/reach/settings', { ...settings, two_for_tiers: [] })
  })

  it('is void when an audience or the sender set that it names was changed since, and must be given anew', async () => {
    const audience = uuid()
    const rule = JSON.stringify({ is: 'tags', mode: 'any', tags: ['a'] })
    const now = () => stage.clock.now()
    await sql`insert into audiences (id, corp_id, name, kind, version, rule, created_at, updated_at)
      values (${audience}, ${corpId}, '老客', 'refreshed', 1, ${rule}::jsonb, ${now()}, ${now()})`.execute(db)
    const id = await stage.submitted({ whom: { audience }, schedule: { kind: 'at', at: '2026-11-12T10:00:00+08:00' } })
    await approve(first, id)
    stage.clock.set('2026-11-12T10:00:00+08:00')
    await sql`insert into audience_versions (audience_id, version, corp_id, rule, note, created_at)
      values (${audience}, 2, ${corpId}, ${rule}::jsonb, '', ${now()})`.execute(db)
    await stage.due()
    expect([await stage.standing(id), await stage.runs(id)]).toEqual(['draft', 0])
    const alarm = await db.selectFrom('alarms').select('title').where('kind', '=', 'campaign.voided').executeTakeFirst()
    expect(alarm?.title).toMatchObject({ zh: expect.stringContaining('分群') })
    // the last step of an approval is on record as every other, though nobody took it
    const last = await db.selectFrom('audit_entries').selectAll().where('object_id', '=', id).execute()
    expect(last).toMatchObject([
      { action: 'campaign.void', account_id: null, account_name: '', summary: { after: { why: ['audience'] } } },
    ])
    const again = { ...sound, whom: { audience } }
    expect((await author.put(`/api/campaigns/${id}`, { after: 1, name: '再来', spec: again })).status).toBe(200)
    await stage.rehearsed(id, 2, 5)
    await author.post(`/api/campaigns/${id}/submit`, { version: 2 })
    await approve(first, id, 2)
    await stage.due()
    expect(await stage.runs(id)).toBe(1)
    stage.clock.set('2026-11-11T10:00:00+08:00')
  })

  it('is void when an audience that it names was put away, and nothing goes out', async () => {
    const audience = uuid()
    const rule = JSON.stringify({ is: 'tags', mode: 'any', tags: ['a'] })
    const now = () => stage.clock.now()
    await sql`insert into audiences (id, corp_id, name, kind, version, rule, created_at, updated_at)
      values (${audience}, ${corpId}, '旧客', 'refreshed', 1, ${rule}::jsonb, ${now()}, ${now()})`.execute(db)
    const id = await stage.submitted({ whom: { audience }, schedule: { kind: 'at', at: '2026-11-12T10:00:00+08:00' } })
    await approve(first, id)
    await sql`update audiences set archived_at = ${now()} where id = ${audience}`.execute(db)
    stage.clock.set('2026-11-12T10:00:00+08:00')
    await stage.due()
    expect([await stage.standing(id), await stage.runs(id)]).toEqual(['draft', 0])
    const { title } = await db
      .selectFrom('alarms')
      .select('title')
      .where('key', '=', `campaign.voided:${id}`)
      .executeTakeFirstOrThrow()
    expect(title).toMatchObject({ zh: expect.stringContaining('已归档') })
    stage.clock.set('2026-11-11T10:00:00+08:00')
  })

  it('is not given to what became forbidden while it waited', async () => {
    const id = await stage.submitted()
    const words = (items: readonly object[]) => first.put('/api/reach/forbidden-words', { items })
    expect((await words([{ word: '新品', advice: '写明上市日期' }])).as(wordsView).items).toHaveLength(1)
    const refused = await approve(first, id)
    expect([refused.status, refused.body]).toMatchObject([
      422,
      { details: { faults: [{ problem: 'forbidden_word', said: { zh: expect.stringContaining('写明上市日期') } }] } },
    ])
    expect((await words([])).as(wordsView).items).toEqual([])
    expect((await approve(first, id)).as(saved).state).toBe('approved')
  })
})

describe('a run', () => {
  it('begins only for the version that is approved, whoever asks', async () => {
    const start = (id: string, version: number) =>
      db.transaction().execute((tx) => startRun(stage.services, tx, { id, corpId, version }, stage.clock.now()))
    const draft = await stage.draft()
    await expect(start(draft, 1)).rejects.toMatchObject({ code: 'rule' })
    const waiting = await stage.submitted()
    await expect(start(waiting, 1)).rejects.toMatchObject({ code: 'rule' })
    // what the database says of the state alone does not let it go
    await db.updateTable('campaigns').set({ state: 'approved' }).where('id', '=', waiting).execute()
    await expect(start(waiting, 1)).rejects.toMatchObject({ code: 'rule' })
    await db.updateTable('campaigns').set({ state: 'waiting' }).where('id', '=', waiting).execute()
    await approve(first, waiting)
    await approve(second, waiting)
    await expect(start(waiting, 2)).rejects.toMatchObject({ code: 'rule' })
    expect(await start(waiting, 1)).toEqual(expect.any(Number))
  })
})
