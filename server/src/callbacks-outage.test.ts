import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createVisitors } from './infra/http/testing.ts'
import { startWatch } from './infra/testing-time.ts'
import { eventXml, pathStage, type StageApp } from './path-stage.ts'

const stage = await pathStage()
const { db } = stage.database
const { intake } = stage.path
let app: StageApp
beforeAll(async () => {
  app = await stage.app('wwours', 'main')
})
afterEach(async () => {
  stage.proxy.restore()
  await stage.databaseAnswers()
})

let people = 0
const nextPerson = () => {
  people += 1
  return `wmPerson${people}`
}
const added = (who: string) =>
  eventXml(app.corpid, Math.floor(stage.clock.now().getTime() / 1000), {
    ChangeType: 'add_external_contact',
    UserID: 'chenxiaoyu',
    ExternalUserID: who,
  })
const send = (who: string) => stage.send(stage.seal(app, added(who)))
const spillDir = join(stage.dataDir, 'spill')

/** How often each was stored, made a customer and noted as an event. */
async function tracesOf(people: readonly string[]): Promise<{ stored: number; customers: number; events: number }> {
  const stored = await db.selectFrom('callbacks').select('id').where('subject', 'in', people).execute()
  const customers = await db
    .selectFrom('relations')
    .select('customer_id')
    .where('external_userid', 'in', people)
    .execute()
  const ids = customers.map((one) => one.customer_id)
  const events =
    ids.length === 0 ? [] : await db.selectFrom('events').select('id').where('customer_id', 'in', ids).execute()
  return { stored: stored.length, customers: customers.length, events: events.length }
}

const openBatches = () => db.selectFrom('inbox_batches').select('id').execute()

describe('while the database is away', () => {
  it('callbacks are acknowledged from the spill file, and handled once when it is back', async () => {
    const before = nextPerson()
    expect((await send(before)).status).toBe(200)
    await stage.settled()
    stage.proxy.cut()
    const away = Array.from({ length: 30 }, nextPerson)
    const answers = await Promise.all([...away, ...away.slice(0, 5), before].map(send))
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 200))
    expect(await tracesOf(away)).toEqual({ stored: 0, customers: 0, events: 0 })
    await expect(intake.tend()).rejects.toThrow()
    expect(await readdir(spillDir)).not.toEqual([])
    stage.proxy.restore()
    await stage.databaseAnswers()
    await intake.tend()
    await stage.settled()
    expect(await tracesOf([before, ...away])).toEqual({ stored: 31, customers: 31, events: 31 })
    expect(await readdir(spillDir)).toEqual([])
    await expect.poll(openBatches).toEqual([])
  })

  it('what comes between the sealing of the file and its end is drained in the next round', async () => {
    stage.proxy.cut()
    const first = nextPerson()
    expect((await send(first)).status).toBe(200)
    stage.proxy.restore()
    await stage.databaseAnswers()
    const second = nextPerson()
    const tending = intake.tend()
    stage.proxy.cut()
    await tending.catch(() => undefined)
    expect((await send(second)).status).toBe(200)
    stage.proxy.restore()
    await stage.databaseAnswers()
    await intake.tend()
    await stage.settled()
    expect(await tracesOf([first, second])).toEqual({ stored: 2, customers: 2, events: 2 })
  })

  it('a database that takes everything and says nothing is given up in time for the spill file', async () => {
    const people = Array.from({ length: 10 }, nextPerson)
    stage.proxy.hang()
    const watch = startWatch()
    const answers = await Promise.all(people.map(send))
    expect(answers.map((answer) => answer.status)).toEqual(people.map(() => 200))
    expect(watch()).toBeLessThan(4_500)
    // the next ones do not wait for the one that hangs
    const again = startWatch()
    const late = nextPerson()
    expect((await send(late)).status).toBe(200)
    expect(again()).toBeLessThan(1_000)
    stage.proxy.restore()
    await stage.databaseAnswers()
    await intake.tend()
    await stage.settled()
    expect(await tracesOf([...people, late])).toEqual({ stored: 11, customers: 11, events: 11 })
  })

  it('without a disk either the connection is closed unanswered: the platform repeats it', async () => {
    await rm(spillDir, { recursive: true, force: true })
    await writeFile(spillDir, 'a full disk, or a folder that may not be written')
    stage.proxy.cut()
    const who = nextPerson()
    await expect(send(who)).rejects.toThrow('fetch failed')
    await rm(spillDir)
    await mkdir(spillDir)
    stage.proxy.restore()
    await stage.databaseAnswers()
    await intake.tend()
    expect(await tracesOf([who])).toEqual({ stored: 0, customers: 0, events: 0 })
    expect((await send(who)).status).toBe(200)
    await stage.settled()
    expect(await tracesOf([who])).toEqual({ stored: 1, customers: 1, events: 1 })
  })

  it('an address that nobody knows is not called unknown as long as nobody can say so', async () => {
    stage.proxy.cut()
    await expect(intake.apps.refresh()).rejects.toThrow()
    const answer = await stage.send(stage.seal({ ...app, corpid: 'wwnewcorp' }, added(nextPerson())))
    expect([answer.status, await answer.json()]).toMatchObject([503, { code: 'unavailable' }])
  })
})

it('a commit whose answer was lost is taken up by the living process, once', async () => {
  const who = nextPerson()
  stage.proxy.loseAnswerOf('insert into inbox_batches')
  expect((await send(who)).status).toBe(200)
  expect(await tracesOf([who])).toEqual({ stored: 1, customers: 0, events: 0 })
  await stage.databaseAnswers()
  await intake.tend()
  await stage.settled()
  expect(await tracesOf([who])).toEqual({ stored: 1, customers: 1, events: 1 })
  await expect.poll(openBatches).toEqual([])
  await intake.tend()
  await stage.settled()
  expect(await tracesOf([who])).toEqual({ stored: 1, customers: 1, events: 1 })
})

it('a batch that stands although nobody has it open is handled or removed, e.g. when a crash undid its removal', async () => {
  const who = nextPerson()
  expect((await send(who)).status).toBe(200)
  await stage.settled()
  await expect.poll(openBatches).toEqual([])
  const stored = await db.selectFrom('callbacks').selectAll().where('subject', '=', who).executeTakeFirstOrThrow()
  const batch = { process_id: stage.services.processId, size: 1, received_at: new Date(Date.now() - 61_000) }
  const { id } = await db
    .insertInto('inbox_batches')
    .values({ ...batch, first_id: stored.id, last_id: stored.id })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db.updateTable('callbacks').set({ batch_id: id }).where('id', '=', stored.id).execute()
  await db
    .insertInto('inbox_batches')
    .values({ ...batch, first_id: 0, last_id: 0 })
    .execute()
  await intake.tend()
  await stage.settled()
  await expect.poll(openBatches).toEqual([])
  expect(await tracesOf([who])).toEqual({ stored: 1, customers: 1, events: 1 })
})

describe('a callback that cannot be handled', () => {
  const retries = (who: string) =>
    db
      .selectFrom('callback_retries as r')
      .innerJoin('callbacks as c', 'c.id', 'r.callback_id')
      .select(['r.callback_id as id', 'r.attempts', 'r.next_at', 'r.dead_at', 'r.reason'])
      .where('c.subject', '=', who)
      .executeTakeFirst()
  /** Back-off is machine time: what is due later is made due now. */
  const makeDue = (id: number) =>
    db
      .updateTable('callback_retries')
      .set({ next_at: new Date(0) })
      .where('callback_id', '=', id)
      .execute()
  const poison = async (who: string) => {
    await stage.database.pool.query(`
      create or replace function poisoned() returns trigger language plpgsql as $$
      begin raise exception 'the well is poisoned'; end $$;
      create trigger poisoned before insert on relations for each row when (new.external_userid = '${who}')
        execute function poisoned()`)
  }
  const heal = () => stage.database.pool.query('drop trigger poisoned on relations')

  it('is tried again with growing pauses, then lies dead with its reason until a person replays it', async () => {
    const console_ = createVisitors(stage.http, stage.services)
    const administrator = await console_.as(app.corpId)('administrator')
    const who = nextPerson()
    const neighbours = Array.from({ length: 5 }, nextPerson)
    await poison(who)
    const answers = await Promise.all([who, ...neighbours].map(send))
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 200))
    await stage.settled()
    expect(await tracesOf(neighbours)).toMatchObject({ customers: 5 })
    const pauses: number[] = []
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      const now = await retries(who)
      expect(now).toMatchObject({ attempts: attempt, dead_at: null, reason: expect.stringContaining('poisoned') })
      pauses.push((now?.next_at?.getTime() ?? 0) - Date.now())
      // not due yet: left alone
      if (attempt > 1) await intake.tend()
      expect((await retries(who))?.attempts).toBe(attempt)
      await makeDue(now?.id ?? 0)
      await intake.tend()
    }
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b))
    const dead = await retries(who)
    expect(dead).toMatchObject({ attempts: 6, next_at: null, dead_at: expect.any(Date) })
    expect(await tracesOf([who])).toEqual({ stored: 1, customers: 0, events: 0 })
    const list = await administrator.get('/api/callbacks?state=dead')
    expect(list.body).toMatchObject({
      items: [{ subject: who, state: 'dead', reason: expect.stringContaining('the well is poisoned'), attempts: 6 }],
    })
    // replayed too early it dies again, in time
    expect((await administrator.post(`/api/callbacks/${dead?.id}/replay`)).status).toBe(200)
    await intake.tend()
    expect(await retries(who)).toMatchObject({ attempts: 1, dead_at: null })
    await heal()
    expect((await administrator.post(`/api/callbacks/${dead?.id}/replay`)).status).toBe(200)
    await intake.tend()
    await stage.settled()
    expect(await tracesOf([who])).toEqual({ stored: 1, customers: 1, events: 1 })
    expect(await retries(who)).toBeUndefined()
    expect((await administrator.get('/api/callbacks?state=dead')).body).toMatchObject({ items: [] })
    const again = await administrator.post(`/api/callbacks/${dead?.id}/replay`)
    expect([again.status, again.body]).toMatchObject([422, { code: 'rule' }])
  })

  it('for an id that no index takes is dead in the end and stands in nobody’s way', async () => {
    const who = `wm${randomBytes(6_000).toString('hex')}`
    expect((await send(who)).status).toBe(200)
    const neighbour = nextPerson()
    expect((await send(neighbour)).status).toBe(200)
    await stage.settled()
    expect(await tracesOf([neighbour])).toMatchObject({ customers: 1 })
    expect(await retries(who.slice(0, 128))).toMatchObject({ attempts: 1, reason: expect.stringContaining('index') })
  })
})

it('a document in the spill file that the database will never take is set aside, and the rest goes on', async () => {
  const who = nextPerson()
  const line = (xml: string, appId = app.appId) =>
    JSON.stringify({ corpId: app.corpId, appId, receivedAt: stage.clock.now().toISOString(), xml })
  await mkdir(spillDir, { recursive: true })
  await writeFile(
    join(spillDir, '1-by-1-1.spill'),
    `${[line('not XML'), line(added(who)), line(added('x'), 'no uuid')].join('\n')}\n`,
  )
  // the upkeep looks for files when something was spilled
  stage.proxy.cut()
  expect((await send(nextPerson())).status).toBe(200)
  stage.proxy.restore()
  await stage.databaseAnswers()
  await intake.tend()
  await stage.settled()
  expect(await tracesOf([who])).toEqual({ stored: 1, customers: 1, events: 1 })
  expect(await readdir(spillDir)).toEqual(['1-by-1-1.spill.broken'])
})
