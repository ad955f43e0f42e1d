import { describe, expect, it } from 'vitest'
import { alarmsOf } from './doctor.alarms.ts'
import { type AppFacts, diagnose, type Facts } from './doctor.ts'
import { findingWords } from './doctor.words.ts'

const now = Date.parse('2026-11-11T02:00:00Z')
const app: AppFacts = {
  appKey: 'nuanyu',
  name: '暖域',
  kind: 'app',
  hasSecret: true,
  hasCallback: true,
  probe: { kind: 'ok' },
  agent: { closed: false, redirectDomain: 'crm.example.com' },
  verifiedAt: new Date(now),
  lastCallbackAt: undefined,
  refused: undefined,
  selfTest: { ok: true, ms: 20, said: '' },
}
const contacts: AppFacts = { ...app, appKey: 'contacts', name: '通讯录同步', kind: 'contacts-sync', agent: undefined }
const healthy: Facts = {
  real: true,
  publicUrl: 'https://crm.example.com',
  pagesUrl: undefined,
  machineNow: now,
  apps: [app, contacts],
  verifyMs: 1_000,
  contact: { kind: 'ok' },
  links: undefined,
  skewMs: 200,
  members: [],
  noCode: [],
  welcomes: { sent: 100, raced: 0 },
  failures: [],
  budget: [],
  unionid: 'present',
  lost: { count: 0, members: [] },
  inactive: undefined,
  deadCallbacks: 0,
}
const found = (over: Partial<Facts>) => diagnose({ ...healthy, ...over }).map((one) => `${one.severity} ${one.code}`)
const withApp = (over: Partial<AppFacts>) => found({ apps: [{ ...app, ...over }, contacts] })

describe('the doctor’s rules', () => {
  it('find nothing wrong with a healthy corp', () => expect(diagnose(healthy)).toEqual([]))

  it.each<[string, Partial<Facts>, string[]]>([
    ['a site at home', { publicUrl: 'http://localhost:3000' }, ['red site.not_public', 'amber domain.redirect']],
    [
      'customers’ pages on a domain that is not the trusted one: nobody is known there, nor on the page of less',
      { pagesUrl: 'https://go.example.com' },
      ['amber domain.redirect'],
    ],
    ['a site without TLS', { publicUrl: 'http://crm.example.com' }, ['amber site.not_public']],
    ['no app at all', { apps: [contacts] }, ['red app.missing']],
    ['no contacts-sync', { apps: [app] }, ['amber contacts.missing']],
    ['links without the assistant', { links: { kind: 'refused', errcode: 48002 } }, ['amber links.unavailable']],
    ['a clock that is 61 s slow', { skewMs: 61_000 }, ['red clock.skew']],
    ['callbacks that could not be handled', { deadCallbacks: 3 }, ['amber callback.dead']],
    ['an app that was suspended', { inactive: 'closed' }, ['red app.suspended']],
    [
      'mini programs refused lately',
      { failures: [{ api: 'x', errcode: 90206, count: 2 }] },
      ['amber miniprogram.unlinked'],
    ],
    ['a code that says nothing of settings', { failures: [{ api: 'x', errcode: 40058, count: 2 }] }, []],
    [
      'a budget that ends within the hour',
      { budget: [{ api: '/a', exhaustedAt: now + 600_000, blockedUntil: undefined }] },
      ['amber budget.exhausting'],
    ],
    [
      'a budget that ends later',
      { budget: [{ api: '/a', exhaustedAt: now + 7_200_000, blockedUntil: undefined }] },
      [],
    ],
    ['a limit that is over', { budget: [{ api: '/a', exhaustedAt: undefined, blockedUntil: now - 1 }] }, []],
    ['one welcome in a hundred that another sent', { welcomes: { sent: 99, raced: 1 } }, []],
    ['one in ten', { welcomes: { sent: 90, raced: 10 } }, ['amber welcome.raced']],
  ])('%s', (_name, over, codes) => expect(found(over)).toEqual(codes))

  it('an address is judged by what was seen of it', () => {
    expect(withApp({ hasCallback: false })).toEqual(['red callback.missing'])
    expect(withApp({ verifiedAt: undefined })).toEqual(['red callback.never'])
    expect(withApp({ refused: { at: new Date(now), code: -40001, count: 3 } })).toEqual(['red callback.refused'])
    // callbacks come, so our own failing to call ourselves is no more than a hint
    expect(withApp({ selfTest: { ok: false, ms: 5_000, said: 'timeout' } })).toEqual(['amber callback.self_test'])
    const slow = { ...app, selfTest: { ok: true, ms: 1_001, said: '' } }
    expect(found({ apps: [slow, contacts] })).toEqual(['amber callback.slow'])
    expect(found({ apps: [slow, contacts], verifyMs: 2_000 })).toEqual([])
  })

  it('members count where channels name them; who must log in or verify counts always, but quietly', () => {
    const one = (readiness: Facts['members'][number]['readiness'], channels: number) =>
      found({ members: [{ userid: 'a', name: '甲', readiness, channels }] })
    expect([one('not_following', 0), one('not_visible', 0), one('gone', 0), one('capacity', 1)]).toEqual([
      [],
      [],
      [],
      [],
    ])
    expect([one('not_active', 0), one('not_addable', 0)]).toEqual([
      ['info member.not_active'],
      ['info member.not_addable'],
    ])
    expect([one('not_following', 1), one('gone', 2)]).toEqual([['red member.not_following'], ['red member.gone']])
  })

  it('a console welcome is suspected by rate, and no longer once the latest add had its code', () => {
    const suspected = (adds: number, noCode: number, latestWithout: boolean) =>
      found({ noCode: [{ userid: 'a', name: '甲', adds, noCode, latestWithout }] })
    expect(suspected(10, 9, true)).toEqual(['red welcome.no_code'])
    expect(suspected(1, 1, true)).toEqual(['red welcome.no_code'])
    expect(suspected(10, 1, true)).toEqual([])
    expect(suspected(10, 9, false)).toEqual([])
  })

  it('one cause is one finding, however many signs of it there are', () => {
    const twice = diagnose({
      ...healthy,
      contact: { kind: 'refused', errcode: 48002 },
      failures: [{ api: '/x', errcode: 48002, count: 9 }],
    })
    expect(twice.map((one) => one.code)).toEqual(['app.not_callable'])
  })

  it('every finding says in both languages what happened, why and what to do, never a bare code', () => {
    const values = { app: 'A', errcode: 48002, count: 2, ms: 1_500, host: 'h', said: 's', names: ['甲', '乙'] }
    for (const [code, words] of Object.entries(findingWords)) {
      const { title, why, mend, menuPath } = words(values)
      for (const said of [title, why, mend, ...(menuPath === null ? [] : [menuPath])])
        for (const text of [said.zh, said.en]) {
          expect([code, text.length]).toEqual([code, expect.toSatisfy((length: number) => length > 5)])
          expect(text).not.toMatch(/undefined|NaN|\$\{/)
        }
      expect(title.zh).toMatch(/\p{Script=Han}/u)
      expect(title.en).not.toMatch(/\p{Script=Han}/u)
    }
  })

  it('information raises no alarm, and the welcome’s has a kind of its own', () => {
    const findings = diagnose({
      ...healthy,
      unionid: 'missing',
      skewMs: -90_000,
      noCode: [{ userid: 'a', name: '甲', adds: 1, noCode: 1, latestWithout: true }],
    })
    expect(alarmsOf(1, findings).map((alarm) => [alarm.kind, alarm.key, alarm.severity])).toEqual([
      ['doctor.finding', 'doctor:clock.skew', 'red'],
      ['welcome.no_code', 'doctor:welcome.no_code', 'red'],
    ])
  })
})
