import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../../infra/config.ts'
import { openDatabase } from '../../../infra/db/database.ts'
import { createLog } from '../../../infra/log.ts'
import { createMetrics } from '../../../infra/metrics.ts'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import { proxyTo } from '../../../infra/postgres/testing-proxy.ts'
import { nameOpen, newOpen } from './open.ts'
import { keepOpens, openedByRun } from './opens.store.ts'
import { createOpensInbox } from './opens-inbox.ts'

const home = await testDatabase()
const proxy = await proxyTo(home.url)
const through = openDatabase(proxy.url, { max: 4, onError: () => undefined })
const dataDir = await mkdtemp(join(tmpdir(), 'nuanyu-opens-'))
afterAll(async () => {
  await through.close()
  await proxy.close()
  await rm(dataDir, { recursive: true, force: true })
})

const at = new Date('2026-11-23T10:00:00+08:00')
const link = (run: number) => ({ id: run * 10, corpId: 1, run, task: 1 })
/** A process of its own: `pid` names its spill file. */
const inboxOf = (pid: number) =>
  createOpensInbox(
    {
      db: through.db,
      config: { ...loadConfig({}), dataDir },
      log: createLog('silent'),
      metrics: createMetrics(),
    },
    pid,
  )
const files = async () => (await readdir(join(dataDir, 'spill-opens'))).length
/** No process has it. */
const dead = 2 ** 22 + 17

describe('openings while the database is away', () => {
  it('are kept in a file before anybody is led on, and stand in the database once it is back', async () => {
    const inbox = inboxOf(process.pid)
    proxy.cut()
    const opens = Array.from({ length: 50 }, () => newOpen(link(1), at, 0))
    expect(await Promise.all(opens.map((open) => inbox.keep(open)))).toEqual(opens.map(() => true))
    expect(await files()).toBe(1)
    proxy.restore()
    await inbox.tend()
    expect(await openedByRun(home.db, 1)).toEqual({ persons: 0, known: 0, unknown: 50 })
    expect(await files()).toBe(0)
  })

  it('of a process that was killed are taken over by the next', async () => {
    const inbox = inboxOf(dead)
    proxy.cut()
    await inbox.keep(newOpen(link(2), at, 0))
    proxy.restore()
    await inboxOf(process.pid).tend()
    expect(await openedByRun(home.db, 2)).toMatchObject({ unknown: 1 })
    expect(await files()).toBe(0)
  })

  it('are counted once though their commit was not heard of and they were kept in the file too', async () => {
    const inbox = inboxOf(process.pid)
    proxy.loseAnswerOf('insert into link_opens')
    await inbox.keep(newOpen(link(3), at, 0))
    expect(await openedByRun(home.db, 3)).toMatchObject({ unknown: 1 })
    expect(await files()).toBe(1)
    await inbox.tend()
    expect(await openedByRun(home.db, 3)).toMatchObject({ unknown: 1 })
  })
})

describe('who opened', () => {
  it('is learnt later without a second opening, whichever of the two is written last', async () => {
    await home.db.insertInto('customers').values({ id: 900, corp_id: 1, created_at: at }).execute()
    const [one, other] = [newOpen(link(4), at, 0), newOpen(link(4), at, 0)]
    const named = (open: typeof one) => nameOpen(link(4), open.id.replaceAll('-', ''), 900)
    expect(named(one).at).toEqual(at)
    await keepOpens(home.db, [one])
    await keepOpens(home.db, [named(one)])
    await keepOpens(home.db, [named(other)])
    await keepOpens(home.db, [other])
    expect(await openedByRun(home.db, 4)).toEqual({ persons: 1, known: 2, unknown: 0 })
  })
})
