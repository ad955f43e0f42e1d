import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StaffFacts } from '../channels/assignment.ts'
import { pickNext, refusalOf } from '../channels/assignment.ts'
import { strategies } from '../channels/channel.ts'
import { onDuty } from '../channels/rota.ts'
import { candidate, staffFacts } from '../channels/testing.ts'
import { type DeskChannel, deskAt, usersOf } from './code-desk.ts'

const zone = 'Asia/Shanghai'
const monday = new Date('2026-11-23T10:00:00+08:00')
const workdays = 0b0011111

const known = (...all: StaffFacts[]) => new Map(all.map((one) => [one.userid, one]))
const channel = (over: Partial<DeskChannel> = {}): DeskChannel => ({
  status: 'active',
  validFrom: null,
  validUntil: null,
  fallback: 'members',
  dailyLimit: null,
  rota: { shifts: [], periods: [] },
  members: [candidate('a'), candidate('b', { position: 1 })],
  spares: [candidate('s')],
  takenToday: 0,
  ...over,
})
const everybody = known(staffFacts('a'), staffFacts('b'), staffFacts('s'))
const day = { shifts: [{ weekdays: workdays, fromMinute: 540, untilMinute: 1080, members: [] }], periods: [] }

describe('who stands behind a code', () => {
  it('those on duty, and a member at his daily limit makes room for the others', () => {
    const desk = deskAt(
      channel({ members: [candidate('a', { dailyLimit: 5 }), candidate('b', { position: 1 })] }),
      known(staffFacts('a', { broughtToday: 5 }), staffFacts('b')),
      monday,
      zone,
    )
    expect(usersOf(desk)).toEqual(['b'])
    expect(desk.refused).toEqual([{ userid: 'a', reason: 'day_limit' }])
    expect(desk.nextLook).toEqual(new Date('2026-11-24T00:00:00+08:00'))
  })

  it('at night the spare staff, and the members themselves where there is no spare', () => {
    const night = new Date('2026-11-23T23:00:00+08:00')
    expect(deskAt(channel({ rota: day }), everybody, night, zone)).toMatchObject({
      tier: 'spare',
      nextLook: new Date('2026-11-24T09:00:00+08:00'),
    })
    expect(usersOf(deskAt(channel({ rota: day, spares: [] }), everybody, night, zone))).toEqual(['a', 'b'])
    expect(deskAt(channel({ rota: day, spares: [], fallback: 'closed' }), everybody, night, zone)).toMatchObject({
      tier: 'none',
      closed: 'nobody',
    })
  })

  it('a member at 95 % of his customers is out of the code', () => {
    const desk = deskAt(channel(), known(staffFacts('a', { customers: 4900 }), staffFacts('b')), monday, zone)
    expect(usersOf(desk)).toEqual(['b'])
  })

  it('the code’s own daily limit leads to the spare staff', () => {
    expect(usersOf(deskAt(channel({ dailyLimit: 100, takenToday: 100 }), everybody, monday, zone))).toEqual(['s'])
  })

  it('before its time, after it and stopped it is closed and says which', () => {
    expect(deskAt(channel({ validFrom: new Date('2026-12-01') }), everybody, monday, zone)).toMatchObject({
      closed: 'not_yet',
      nextLook: new Date('2026-12-01'),
    })
    expect(deskAt(channel({ validUntil: monday }), everybody, monday, zone).closed).toBe('over')
    expect(deskAt(channel({ status: 'stopped' }), everybody, monday, zone).closed).toBe('stopped')
  })

  it('never names more members than the platform takes', () => {
    const many = Array.from({ length: 130 }, (_, i) => candidate(`u${String(i).padStart(3, '0')}`, { position: i }))
    const desk = deskAt(channel({ members: many }), known(...many.map((m) => staffFacts(m.userid))), monday, zone, 100)
    expect(usersOf(desk)).toHaveLength(100)
    expect(desk.refused).toHaveLength(30)
  })
})

const names = ['a', 'b', 'c', 'd', 's', 't']
const someFacts = fc.record({
  gone: fc.boolean(),
  status: fc.constantFrom(null, 1, 1, 1, 4),
  follows: fc.constantFrom(true, true, true, false),
  addable: fc.constantFrom('unknown' as const, 'yes' as const, 'no' as const),
  customers: fc.integer({ min: 0, max: 5200 }),
  broughtToday: fc.integer({ min: 0, max: 6 }),
  openToday: fc.integer({ min: 0, max: 3 }),
})
const someChannel = fc
  .record({
    limits: fc.array(fc.option(fc.integer({ min: 1, max: 6 })), { minLength: 6, maxLength: 6 }),
    shifts: fc.array(
      fc.record({
        weekdays: fc.integer({ min: 1, max: 127 }),
        fromMinute: fc.integer({ min: 0, max: 1439 }),
        untilMinute: fc.integer({ min: 1, max: 1440 }),
        members: fc.subarray(names.slice(0, 4).map((n) => `staff:${n}`)),
      }),
      { maxLength: 3 },
    ),
    dailyLimit: fc.option(fc.integer({ min: 1, max: 20 })),
    takenToday: fc.integer({ min: 0, max: 25 }),
  })
  .map(({ limits, shifts, dailyLimit, takenToday }) =>
    channel({
      // strict strategies close when nobody is on duty
      fallback: 'closed',
      rota: { shifts, periods: [] },
      dailyLimit,
      takenToday,
      members: names.slice(0, 4).map((n, i) => candidate(n, { position: i, dailyLimit: limits[i] ?? null })),
      spares: names.slice(4).map((n, i) => candidate(n, { position: i, dailyLimit: limits[4 + i] ?? null })),
    }),
  )
const moment = fc.integer({ min: Date.parse('2026-11-01'), max: Date.parse('2026-12-01') }).map((ms) => new Date(ms))

describe('strict strategies', () => {
  it('never assign anyone off duty or over limit, nor anyone who cannot be added', () => {
    fc.assert(
      fc.property(
        someChannel,
        fc.array(someFacts, { minLength: 6, maxLength: 6 }),
        moment,
        fc.constantFrom(...strategies),
        (its, rows, at, strategy) => {
          const all = known(...rows.map((row, i) => staffFacts(names[i] ?? '', row)))
          const desk = deskAt(its, all, at, zone)
          const next = pickNext(strategy, desk.able, at)
          if (next === undefined) return
          const { candidate: chosen } = next
          const f = all.get(chosen.userid)
          expect(refusalOf(chosen, f)).toBeUndefined()
          if (chosen.dailyLimit !== null)
            expect((f?.broughtToday ?? 0) + (f?.openToday ?? 0)).toBeLessThan(chosen.dailyLimit)
          const duty = onDuty(
            its.rota,
            its.members.map((m) => m.key),
            at,
            zone,
          ).members
          const spare = its.spares.some((s) => s.userid === chosen.userid)
          expect(spare || duty.has(chosen.key)).toBe(true)
          if (its.dailyLimit !== null && its.takenToday >= its.dailyLimit) expect(spare).toBe(true)
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('a whole day of scans never brings one member beyond his daily limit', () => {
    fc.assert(
      fc.property(
        someChannel,
        moment,
        fc.constantFrom(...strategies),
        fc.integer({ min: 1, max: 60 }),
        (its, at, strategy, scans) => {
          const open = new Map<string, number>()
          for (let i = 0; i < scans; i++) {
            const all = known(...names.map((n) => staffFacts(n, { openToday: open.get(n) ?? 0 })))
            const next = pickNext(strategy, deskAt({ ...its, takenToday: i }, all, at, zone).able, at)
            if (next !== undefined) open.set(next.facts.userid, (open.get(next.facts.userid) ?? 0) + 1)
          }
          for (const { userid, dailyLimit } of [...its.members, ...its.spares]) {
            if (dailyLimit !== null) expect(open.get(userid) ?? 0).toBeLessThanOrEqual(dailyLimit)
          }
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('a code that the platform assigns', () => {
  it('overshoots a limit by no more than the adds of the 60 s until the platform knows', () => {
    const second = fc.record({ adds: fc.integer({ min: 0, max: 3 }), delay: fc.integer({ min: 0, max: 60 }) })
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.array(second, { minLength: 60, maxLength: 300 }),
        (limit, seconds) => {
          const its = channel({ members: [candidate('a', { dailyLimit: limit }), candidate('b', { position: 1 })] })
          // the platform sends every add to `a` for as long as he is in the code
          let effective = ['a', 'b']
          let change: { at: number; users: readonly string[] } | undefined
          let adds = 0
          const history: number[] = []
          seconds.forEach(({ adds: arriving, delay }, now) => {
            if (change !== undefined && now >= change.at) {
              effective = [...change.users]
              change = undefined
            }
            const taken = effective.includes('a') ? arriving : 0
            adds += taken
            history.push(taken)
            const desired = usersOf(
              deskAt(its, known(staffFacts('a', { broughtToday: adds }), staffFacts('b')), monday, zone),
            )
            if (desired.join() !== effective.join() && change === undefined)
              change = { at: now + delay, users: desired }
          })
          const worst = Math.max(...history.map((_, i) => history.slice(i, i + 61).reduce((a, b) => a + b, 0)))
          expect(adds - limit).toBeLessThanOrEqual(worst)
        },
      ),
      { numRuns: 200 },
    )
  })
})
