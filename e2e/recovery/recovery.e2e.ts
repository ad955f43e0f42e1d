import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../../server/src/infra/postgres/testing.ts'
import { ask, openStage, type Stage } from './stage.ts'
import type { Trap } from './wire-proxy.ts'

const { url, pool } = await testDatabase()

/** Every step of add → store → decide → call → record, before and after its bytes reach the other side. */
const steps: readonly { name: string; where: 'database' | 'platform'; marker: string; when: Trap['when'] }[] = [
  {
    name: 'the callback is about to be stored',
    where: 'database',
    marker: 'insert into inbox_batches',
    when: 'before',
  },
  {
    name: 'the callback is stored, the commit unheard',
    where: 'database',
    marker: 'insert into inbox_batches',
    when: 'after',
  },
  {
    name: 'the relation is about to be written',
    where: 'database',
    marker: 'insert into relations as r',
    when: 'before',
  },
  { name: 'the welcome is about to be claimed', where: 'database', marker: 'insert into effects', when: 'before' },
  { name: 'the claim is written, not committed', where: 'database', marker: 'insert into effects', when: 'after' },
  { name: 'the welcome is about to be sent', where: 'platform', marker: 'send_welcome_msg', when: 'before' },
  { name: 'the welcome is sent, its answer lost', where: 'platform', marker: 'send_welcome_msg', when: 'after' },
  {
    name: 'the outcome is about to be recorded',
    where: 'database',
    marker: 'update effects set state',
    when: 'before',
  },
  {
    name: 'the outcome is recorded, not committed',
    where: 'database',
    marker: 'update effects set state',
    when: 'after',
  },
  { name: 'the batch is about to be closed', where: 'database', marker: 'delete from inbox_batches', when: 'before' },
  { name: 'the batch is closed, unheard', where: 'database', marker: 'delete from inbox_batches', when: 'after' },
]

interface Adds {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (number | string)[])[]
}

describe('a server killed at any step', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage(url, await mkdtemp(join(tmpdir(), 'recovery-')))
  })
  afterEach(() => stage.stop())
  afterAll(() => stage.close())

  for (const { name, where, marker, when } of steps) {
    it(`greets everyone once and forgets nobody: ${name}`, async () => {
      await stage.start()
      await ask(`${stage.sandboxUrl}/sandbox/oracle/reset`, {})
      stage.trap(where, { marker, when, nth: 1 })
      const people = await stage.add(5)
      await expect.poll(() => stage.killed, { message: 'the step was reached' }).toBe(true)
      await stage.start()
      await stage.settle()
      const lost = await lostCallbacks()
      const acknowledged = people.filter((id) => !lost.has(id))
      expect(await welcomesOf(acknowledged)).toEqual(acknowledged.map(() => 1))
      // not promised, though perhaps stored in the last moment: then greeted once too
      for (const welcomes of await welcomesOf([...lost])) expect(welcomes).toBeLessThanOrEqual(1)
      const known = await pool.query<{ n: number }>(
        'select count(*)::int as n from relations where external_userid = any($1)',
        [acknowledged],
      )
      expect(known.rows[0]?.n).toBe(acknowledged.length)
    })
  }

  /** External ids whose callback the platform gave up: nothing was promised for them; reconcile finds them. */
  async function lostCallbacks(): Promise<Set<string>> {
    const { callbacks } = await ask<{ callbacks: { callbackId: number; externalUserId?: string; result: string }[] }>(
      `${stage.sandboxUrl}/sandbox/oracle/callbacks?limit=1000`,
    )
    const heard = new Set(callbacks.filter((c) => c.result === 'acknowledged').map((c) => c.externalUserId))
    return new Set(
      callbacks.flatMap((c) =>
        c.externalUserId !== undefined && !heard.has(c.externalUserId) ? [c.externalUserId] : [],
      ),
    )
  }

  async function welcomesOf(people: readonly string[]): Promise<number[]> {
    const { columns, rows } = await ask<Adds>(`${stage.sandboxUrl}/sandbox/oracle/adds?limit=1000`)
    const id = columns.indexOf('externalUserId')
    const count = columns.indexOf('welcomes')
    return people.map((person) => Number(rows.find((row) => row[id] === person)?.[count] ?? -1))
  }
})
