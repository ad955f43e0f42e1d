import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { noteChanges } from '../../audiences/index.ts'
import { campaignStage, sound } from './campaign-stage.ts'
import { calendarView, campaignDetail, campaignPage, checkView, saved, setView } from './campaigns.schema.ts'

const stage = await campaignStage()
const { author, first, db, corpId, clock } = stage
const detail = async (id: string) => (await author.get(`/api/campaigns/${id}`)).as(campaignDetail)
const change = (id: string, after: number, more: object = {}) =>
  author.put(`/api/campaigns/${id}`, { after, name: '改过', spec: { ...sound, ...more } })
const approved = async (more: Readonly<Record<string, unknown>> = {}) => {
  const id = await stage.submitted(more, 10)
  await first.post(`/api/campaigns/${id}/approve`, { version: 1 })
  return id
}

describe('campaigns over the API', () => {
  it('keep an unfinished draft, say what is wrong with it, and make a version of each change', async () => {
    const id = await stage.draft({ goal: null, whom: null })
    expect((await detail(id)).faults.map((one) => one.problem)).toEqual(['no_goal', 'no_whom'])
    expect((await change(id, 1)).as(campaignDetail)).toMatchObject({ version: 2, name: '改过', faults: [] })
    const stale = await change(id, 1)
    expect([stale.status, stale.body]).toMatchObject([409, { code: 'conflict' }])
    expect((await detail(id)).versions.map((one) => one.version)).toEqual([2, 1])
    expect(stage.audited.at(-1)).toMatchObject({ action: 'campaign.update', objectId: id, after: { version: 2 } })
  })

  it('saved by several at once are saved by one; every other hears that it was changed meanwhile', async () => {
    const id = await stage.draft()
    const answers = await Promise.all(Array.from({ length: 6 }, () => change(id, 1)))
    expect(answers.map((one) => one.status).sort()).toEqual([200, 409, 409, 409, 409, 409])
    expect((await detail(id)).version).toBe(2)
  })

  it('with a sign that cannot be kept are refused, and say so', async () => {
    const worded = (text: string) => [{ ...sound.variants[0], content: { text, attachments: [] } }]
    for (const given of [
      { name: 'a\u0000b', spec: sound },
      { name: '空字符', spec: { ...sound, variants: worded('a\u0000b') } },
      { name: '半个表情', spec: { ...sound, variants: worded('a\ud83db') } },
    ]) {
      const answer = await author.post('/api/campaigns', given)
      expect([answer.status, answer.body]).toMatchObject([400, { code: 'invalid_request' }])
    }
    expect((await author.get('/api/campaigns?q=%00')).status).toBe(400)
  })

  it('are listed by state, name and page, templates apart', async () => {
    const template = (await author.post('/api/campaigns', { name: '模板甲', template: true, spec: sound })).as(saved).id
    for (const name of ['列表一', '列表二', '列表三']) await stage.draft({}, name)
    const page = (await author.get('/api/campaigns?q=列表&state=draft&limit=2')).as(campaignPage)
    expect(page.items.map((one) => one.name)).toEqual(['列表三', '列表二'])
    const next = (await author.get(`/api/campaigns?q=列表&limit=2&cursor=${page.next_cursor}`)).as(campaignPage)
    expect([next.items.map((one) => one.name), next.next_cursor]).toEqual([['列表一'], null])
    const templates = (await author.get('/api/campaigns?template=yes')).as(campaignPage).items
    expect(templates.map((one) => one.id)).toEqual([template])
    expect((await author.get('/api/campaigns?q=模板甲')).as(campaignPage).items).toEqual([])
  })

  it('are copied, kept as a template and made from one; a template is never submitted', async () => {
    const id = await stage.draft()
    const template = (await author.post(`/api/campaigns/${id}/copy`, { name: '模板乙', template: true })).as(saved)
    const made = (await author.post(`/api/campaigns/${template.id}/copy`, { name: '由模板' })).as(saved)
    expect(await detail(made.id)).toMatchObject({ template: false, copied_from: template.id, spec: sound, version: 1 })
    await stage.rehearsed(template.id, 1, 5)
    expect((await author.post(`/api/campaigns/${template.id}/submit`, { version: 1 })).status).toBe(422)
  })

  it('are deleted while nothing came of them, and cancelled before they go out', async () => {
    const draft = await stage.draft()
    expect((await author.delete(`/api/campaigns/${draft}`)).status).toBe(204)
    expect((await author.get(`/api/campaigns/${draft}`)).status).toBe(404)
    const rehearsed = await stage.draft()
    await stage.rehearsed(rehearsed, 1, 5)
    expect((await author.delete(`/api/campaigns/${rehearsed}`)).status).toBe(204)
    const id = await approved({ schedule: { kind: 'at', at: '2026-11-12T10:00:00+08:00' } })
    expect((await detail(id)).next_at).toBe('2026-11-12T02:00:00.000Z')
    expect((await author.delete(`/api/campaigns/${id}`)).status).toBe(422)
    expect((await author.post(`/api/campaigns/${id}/cancel`)).as(campaignDetail)).toMatchObject({
      ...{ state: 'cancelled', next_at: null, faults: [] },
    })
    expect((await change(id, 1)).status).toBe(422)
  })

  it('are a thing of the whole corp and of those who may', async () => {
    const id = await stage.draft()
    const part = await stage.as('operator', { kind: 'store', storeIds: [] })
    expect((await part.get(`/api/campaigns/${id}`)).status).toBe(403)
    const guide = await stage.as('guide')
    expect((await guide.get('/api/campaigns')).status).toBe(403)
    const auditor = await stage.as('auditor')
    expect((await auditor.get(`/api/campaigns/${id}`)).status).toBe(200)
    const { id: other } = await db
      .insertInto('corps')
      .values({ corpid: 'wwother', name: '别家', created_at: clock.now() })
      .returning('id')
      .executeTakeFirstOrThrow()
    const stranger = await stage.as('operator', { kind: 'corp' }, other)
    expect((await stranger.get(`/api/campaigns/${id}`)).status).toBe(404)
    expect((await stranger.post(`/api/campaigns/${id}/copy`, { name: '抄' })).status).toBe(404)
  })

  it('say while they are written how a text reads, what is tracked and how long it can get', async () => {
    const checked = (await author.post('/api/campaigns/check', { spec: sound })).as(checkView)
    expect(checked).toMatchObject({ faults: [], text_limit_bytes: 4_000, attachments_limit: 9 })
    const [text] = checked.texts
    expect(text?.tracked).toEqual(['https://shop.example/new'])
    expect(text?.preview).toMatch(/^测试品牌：新品到店.*http/u)
    expect(text?.bytes).toBeGreaterThan(Buffer.byteLength(text?.preview ?? '') - 1)
  })
})

describe('the schedule of a campaign', () => {
  const times = { kind: 'recurring', weekdays: [3, 4], minutes: [600], until: '2026-11-20' }
  /** Everything that went out of it has come to its end. */
  const over = (id: string) =>
    sql`update campaign_runs set state = 'ended', ended_at = ${clock.now()} where campaign_id = ${id} and not rehearsal`.execute(
      db,
    )
  const at = async (text: string) => {
    clock.set(`2026-11-${text}+08:00`)
    await stage.due()
  }
  const told = async (id: string) => {
    const { rows } = await sql<{ zh: string }>`
      select title->>'zh' as zh from alarms where key = ${`campaign.skipped:${id}`} and cleared_at is null`.execute(db)
    return rows.map(({ zh }) => zh)
  }

  it('does not make up for a time that was missed when its window is over, says so, and goes out at the next', async () => {
    const id = await approved({ schedule: times, window: { from: 9 * 60, until: 11 * 60 } })
    await at('13T09:30:00')
    expect(await stage.runs(id)).toBe(0)
    expect(await told(id)).toEqual(['「双十一预热」2026-11-12 10:00:00 没有发出：到点时系统没有在运行'])
    expect((await detail(id)).next_at).toBe('2026-11-13T02:00:00.000Z')
    await at('13T10:40:00')
    expect([await stage.runs(id), await told(id)]).toEqual([1, []])
    clock.set('2026-11-11T10:00:00+08:00')
  })

  it('tells of a time that was missed for a week, and a campaign of which none was kept has ended', async () => {
    const id = await approved({ schedule: { ...times, until: '2026-11-13' } })
    await at('14T10:00:00')
    expect([await stage.runs(id), await stage.standing(id)]).toEqual([0, 'ended'])
    expect(await told(id)).toEqual([
      '「双十一预热」有 2 次没有发出，最近一次是 2026-11-13 10:00:00：到点时系统没有在运行',
    ])
    await at('21T10:00:00')
    expect(await told(id)).toEqual([])
    clock.set('2026-11-11T10:00:00+08:00')
  })

  it('does not begin beside the run before: it waits as long as it may, and is skipped after that', async () => {
    const id = await approved({ schedule: times })
    await at('12T10:00:00')
    await at('13T10:00:00')
    await at('13T12:55:00')
    expect([await stage.runs(id), await told(id)]).toEqual([1, []])
    await at('13T13:05:00')
    expect(await stage.runs(id)).toBe(1)
    expect(await told(id)).toEqual(['「双十一预热」2026-11-13 10:00:00 没有发出：上一次发送还有任务没有确认或没有发完'])
    expect((await detail(id)).next_at).toBe('2026-11-19T02:00:00.000Z')
    // it goes on: a member has it to confirm
    await sql`update campaign_runs set state = 'running' where campaign_id = ${id} and not rehearsal`.execute(db)
    await sql`insert into campaign_tasks (run_id, number, corp_id, variant, sender, recipients, state)
      select id, 0, corp_id, 0, 'lin', 1, 'asked' from campaign_runs where campaign_id = ${id} and not rehearsal`.execute(
      db,
    )
    await at('19T10:00:00')
    expect(await stage.runs(id)).toBe(1)
    // what is only read keeps nobody waiting
    await sql`update campaign_tasks set state = 'confirmed' from campaign_runs r where r.id = run_id and campaign_id = ${id}`.execute(
      db,
    )
    await at('19T10:10:00')
    expect([await stage.runs(id), await told(id)]).toEqual([2, []])
    await at('20T10:00:00')
    await over(id)
    await at('20T10:05:00')
    expect(await stage.runs(id)).toBe(3)
    const run = db.selectFrom('campaign_runs').select('planned_for').where('campaign_id', '=', id)
    expect((await run.orderBy('id', 'desc').executeTakeFirstOrThrow()).planned_for).toEqual(
      new Date('2026-11-20T10:00:00+08:00'),
    )
    clock.set('2026-11-11T10:00:00+08:00')
  })

  it('does not go out again after its canary stopped it, until somebody has seen that', async () => {
    const id = await approved({ schedule: times })
    await at('12T10:00:00')
    await over(id)
    await sql`update campaign_runs set state = 'stopped' where campaign_id = ${id} and not rehearsal`.execute(db)
    await at('13T10:00:00')
    await at('13T13:05:00')
    expect(await stage.runs(id)).toBe(1)
    expect(await told(id)).toEqual([
      '「双十一预热」2026-11-13 10:00:00 没有发出：上一次发送被试发叫停，还没有人确认已知晓',
    ])
    await sql`update campaign_runs set halted_by = created_by from campaigns c where c.id = campaign_id and c.id = ${id}`.execute(
      db,
    )
    await at('19T10:00:00')
    expect(await stage.runs(id)).toBe(2)
    clock.set('2026-11-11T10:00:00+08:00')
  })

  it('goes out again after its canary stopped it when it was changed and agreed to anew', async () => {
    const id = await approved({ schedule: times })
    await at('12T10:00:00')
    await over(id)
    await sql`update campaign_runs set state = 'stopped' where campaign_id = ${id} and not rehearsal`.execute(db)
    await change(id, 1, { schedule: times })
    await stage.rehearsed(id, 2, 10)
    await author.post(`/api/campaigns/${id}/submit`, { version: 2 })
    await first.post(`/api/campaigns/${id}/approve`, { version: 2 })
    await at('13T10:00:00')
    expect(await stage.runs(id)).toBe(2)
    clock.set('2026-11-11T10:00:00+08:00')
  })

  it('lets the times of a day that share its groups go on side by side', async () => {
    const schedule = { ...times, minutes: [600, 660] }
    const group = { kind: 'group_send', whom: null, marketing: false, holdout_permille: 0 }
    for (const [most, runs] of [
      [1, 2],
      [2, 1],
    ] as const) {
      const id = await approved({ ...group, schedule, groups: { name: '', most_a_day: most } })
      await at('12T10:00:00')
      await at('12T11:00:00')
      expect([most, await stage.runs(id)]).toEqual([most, runs])
      clock.set('2026-11-11T10:00:00+08:00')
    }
  })

  it('starts a run at its time, again on its days, and ends with the last', async () => {
    const schedule = { kind: 'recurring', weekdays: [3, 4], minutes: [600], until: '2026-11-13' }
    const id = await approved({ schedule })
    await stage.due()
    expect(await stage.runs(id)).toBe(0)
    for (const [at, runs] of [
      ['2026-11-12T10:00:00+08:00', 1],
      ['2026-11-12T23:00:00+08:00', 1],
      ['2026-11-13T10:00:00+08:00', 2],
      ['2026-11-19T10:00:00+08:00', 2],
    ] as const) {
      clock.set(at)
      await stage.due()
      expect([at, await stage.runs(id)]).toEqual([at, runs])
      await over(id)
    }
    clock.set('2026-11-11T10:00:00+08:00')
  })

  it('waits for its window when the server was away at its time', async () => {
    const window = { from: 9 * 60, until: 11 * 60 }
    const id = await approved({ schedule: { kind: 'at', at: '2026-11-12T10:00:00+08:00' }, window })
    clock.set('2026-11-12T21:00:00+08:00')
    await stage.due()
    expect([await stage.runs(id), (await detail(id)).next_at]).toEqual([0, '2026-11-13T01:00:00.000Z'])
    clock.set('2026-11-13T09:00:00+08:00')
    await stage.due()
    expect(await stage.runs(id)).toBe(1)
    clock.set('2026-11-11T10:00:00+08:00')
  })
})

describe('the calendar', () => {
  it('shows what went out and what is to come, and how many persons two campaigns of a day share', async () => {
    for (const [customer, tags] of [
      [1, ['a']],
      [2, ['a', 'b']],
      [3, ['b']],
    ] as const) {
      await sql`insert into customers (id, corp_id, name, created_at) values (${customer}, ${corpId}, '客户', now())`.execute(
        db,
      )
      await db
        .transaction()
        .execute((tx) =>
          noteChanges(tx, corpId, [
            { customerId: customer, kind: 'person', present: true },
            ...tags.map((tag) => ({ customerId: customer, kind: 'mark' as const, key: `tag:${tag}`, present: true })),
          ]),
        )
    }
    const tagged = (tag: string) => ({ whom: { rule: { is: 'tags', mode: 'any', tags: [tag] } } })
    const on = (at: string) => ({ schedule: { kind: 'at', at } })
    const a = await stage.draft({ ...tagged('a'), ...on('2027-01-05T10:00:00+08:00') }, '甲')
    const b = await stage.draft({ ...tagged('b'), ...on('2027-01-05T20:00:00+08:00') }, '乙')
    const c = await stage.draft({ ...tagged('b'), ...on('2027-01-06T10:00:00+08:00') }, '丙')
    const seen = (await author.get('/api/campaigns/calendar?from=2027-01-05&to=2027-01-06')).as(calendarView)
    expect(seen.entries.map((one) => [one.name, one.day, one.state]).sort()).toEqual([
      ['丙', '2027-01-06', 'draft'],
      ['乙', '2027-01-05', 'draft'],
      ['甲', '2027-01-05', 'draft'],
    ])
    const [low, high] = [a, b].sort()
    expect(seen.conflicts).toEqual([{ day: '2027-01-05', a: low, b: high, persons: 1, groups: 0, first: null }])
    expect(seen.entries.some((one) => one.campaign_id === c)).toBe(true)
    expect((await author.get('/api/campaigns/calendar?from=2027-01-06&to=2027-01-05')).status).toBe(400)
  })
})

describe('sets of senders', () => {
  it('are made of members, changed, counted and deleted while no campaign sends through them', async () => {
    for (const userid of ['lin', 'wang'])
      await sql`insert into staff (corp_id, userid, name, first_seen_at, seen_at) values (${corpId}, ${userid}, ${userid}, now(), now())`.execute(
        db,
      )
    const unknown = await author.post('/api/sender-sets', { name: '新人组', userids: ['lin', 'nobody'] })
    expect([unknown.status, unknown.body]).toMatchObject([422, { details: ['nobody'] }])
    const set = (await author.post('/api/sender-sets', { name: '新人组', userids: ['lin', 'lin'] })).as(setView)
    expect(set).toMatchObject({ userids: ['lin'], gone: 0, used_by: 0 })
    expect((await author.post('/api/sender-sets', { name: '新人组', userids: ['lin'] })).status).toBe(409)
    await sql`update staff set gone_at = now() where userid = 'lin'`.execute(db)
    const path = `/api/sender-sets/${set.id}`
    const changed = await author.put(path, { name: '新人组 40 号', userids: ['lin', 'wang'] })
    expect(changed.as(setView)).toMatchObject({ name: '新人组 40 号', gone: 1 })
    const user = await stage.draft({ senders: { set: set.id, most: null } })
    expect((await author.delete(path)).status).toBe(422)
    await author.post(`/api/campaigns/${user}/cancel`)
    expect((await author.delete(path)).status).toBe(204)
    expect((await author.get('/api/sender-sets')).as(z.object({ items: z.array(setView) })).items).toEqual([])
  })
})
