import { expect, it } from 'vitest'
import { loadConfig } from '../../../infra/config.ts'
import { testDatabase } from '../../../infra/postgres/testing.ts'
import type { AddCallback } from './add.ts'
import { createAddLookups } from './add-lookups.ts'

const { db } = await testDatabase()

async function connect(corpid: string, zone: string): Promise<number> {
  const { id } = await db
    .insertInto('corps')
    .values({ corpid, name: corpid, time_zone: zone, created_at: new Date('2026-11-11T00:00:00Z') })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}
const addOf = (corpId: number) => ({ corpId }) as AddCallback

it('a corp that is connected while the server runs is greeted by its own clock, and a changed one within seconds', async () => {
  let machine = 0
  const lookups = createAddLookups({ db, config: loadConfig({}) }, () => machine)
  const zonesOf = async (...corpIds: number[]) => {
    const zoneOf = await lookups.zones(corpIds.map(addOf))
    return corpIds.map((corpId) => zoneOf(addOf(corpId)))
  }
  const first = await connect('ww-first', 'Asia/Shanghai')
  expect(await zonesOf(first)).toEqual(['Asia/Shanghai'])
  const second = await connect('ww-second', 'Europe/Berlin')
  expect(await zonesOf(first, second)).toEqual(['Asia/Shanghai', 'Europe/Berlin'])
  await db.updateTable('corps').set({ time_zone: 'Asia/Urumqi' }).where('id', '=', first).execute()
  machine += 10_000
  expect(await zonesOf(first, second)).toEqual(['Asia/Urumqi', 'Europe/Berlin'])
})
