import { CircuitOpenError, type Client, UnknownOutcomeError, WecomError } from '@nuanyu/wecom'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { manualClock } from '../../../infra/clock.ts'
import { createLog } from '../../../infra/log.ts'
import type { WelcomeJob } from './welcome-job.ts'
import { touchesOfWelcome } from './welcome-results.ts'
import { createWelcomeSender, type WelcomeResult } from './welcome-sender.ts'

const start = '2026-11-11T10:00:00+08:00'

/** What the platform does with a call of one app: its next answer, and whether the welcome was delivered with it. */
type Step = 'ok' | 'busy' | 'dead' | 'forbidden' | 'circuit' | 'lost_before' | 'lost_after'

/** The platform as realities.md 3 and 5 tell it: one welcome an add, whichever app's code; after it every code is 41051. */
function world(plan: Readonly<Record<string, readonly Step[]>>) {
  const clock = manualClock(start)
  const left = new Map(Object.entries(plan).map(([app, steps]) => [app, [...steps]]))
  let delivered = 0
  const calls: string[] = []
  const context = (app: string) => ({ endpoint: 'welcome.send', path: '', corpId: 'ww', appKey: app })
  const send = (app: string) => async (request: { welcome_code: string }) => {
    calls.push(app)
    expect(request.welcome_code).toBe(`code of ${app}`)
    const refuse = (errcode: number) => new WecomError(context(app), errcode, '')
    const step = left.get(app)?.shift() ?? 'ok'
    if (step === 'circuit') throw new CircuitOpenError(context(app), 'wrong secret')
    if (step === 'forbidden') throw refuse(48002)
    if (step === 'dead') {
      left.set(app, ['dead', ...(left.get(app) ?? [])])
      throw refuse(41050)
    }
    if (step === 'lost_before') throw new UnknownOutcomeError(context(app), 'no answer')
    if (delivered > 0) throw refuse(41051)
    if (step === 'busy') throw refuse(41096)
    delivered += 1
    if (step === 'lost_after') throw new UnknownOutcomeError(context(app), 'no answer')
    return {}
  }
  const apps = Object.keys(plan)
  async function greet(): Promise<WelcomeResult> {
    const [first = ''] = apps
    const results: WelcomeResult[] = []
    const sender = createWelcomeSender({
      clock,
      log: createLog('silent'),
      client: async (_corp, app) => ({ welcome: { send: send(app) } }) as unknown as Client,
      codes: async () => apps.map((app) => ({ appId: app, appName: app.toUpperCase(), code: `code of ${app}` })),
      media: async () => new Map(),
      preferences: async ({ customerId }) => `https://go.example/p/${customerId}`,
      onResult: (result) => results.push(result),
      wait: async (ms) => clock.advance(ms),
      concurrency: 1,
    })
    sender.push([jobFor(first, clock.now())])
    await sender.drain()
    const [result] = results
    if (result === undefined || results.length > 1) throw new Error(`${results.length} results`)
    return result
  }
  return { greet, calls, delivered: () => delivered }
}

function jobFor(appId: string, now: Date): WelcomeJob {
  return {
    key: 'k',
    corpId: 1,
    appId,
    customerId: 1,
    userid: 'lin',
    externalUserid: 'wm1',
    welcomeCode: `code of ${appId}`,
    channelId: undefined,
    welcomeId: 'w',
    versionId: 'v',
    content: { text: '你好', attachments: [] },
    staffName: '林',
    storeName: undefined,
    addedAt: now,
    receivedAt: now,
    deadlineMs: now.getTime() + 18_000,
    trace: {},
    maybeSent: false,
    receivedMs: 0,
    stages: {},
  }
}

describe('an add that two apps have a code for', () => {
  it('is greeted with the other app’s code when the first is dead, its app may not send, or its secret is refused', async () => {
    for (const step of ['dead', 'forbidden', 'circuit'] as const) {
      const { greet, calls } = world({ ours: [step], crm: [] })
      const { outcome, tried } = await greet()
      expect([outcome, ...calls], step).toEqual(['sent', 'ours', 'crm'])
      expect(tried.map((one) => one.app)).toEqual(['OURS', 'CRM'])
    }
  })

  it('tries the codes in turn while someone is sending', async () => {
    const { greet, calls } = world({ ours: ['busy', 'busy'], crm: ['busy'] })
    expect((await greet()).outcome).toBe('sent')
    expect(calls).toEqual(['ours', 'crm', 'ours', 'crm'])
  })

  it('stops at 41051: it is said of the relation, so another app would hear the same', async () => {
    const { greet, calls, delivered } = world({ ours: ['lost_after'], crm: [] })
    expect(await greet()).toMatchObject({ outcome: 'sent', reason: 'delivered_before', errcode: 41051 })
    expect([delivered(), ...calls]).toEqual([1, 'ours', 'ours'])
  })

  it('is left to the member when every code is dead', async () => {
    const { greet, calls } = world({ ours: ['dead'], crm: ['dead'] })
    expect(await greet()).toMatchObject({ outcome: 'late', reason: 'code_expired', errcode: 41050 })
    expect(calls).toEqual(['ours', 'crm'])
  })

  it('gets at most one welcome; one that arrived is never called refused or late', async () => {
    const steps = fc.array(
      fc.constantFrom<Step>('ok', 'busy', 'dead', 'forbidden', 'circuit', 'lost_before', 'lost_after'),
      { maxLength: 6 },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 3 }), async (plans) => {
        const { greet, delivered } = world(Object.fromEntries(plans.map((plan, i) => [`app${i}`, plan])))
        const greeted = await greet()
        const { outcome, reason } = greeted
        expect(delivered()).toBeLessThanOrEqual(1)
        // whatever reached him is in the ledger, also what nobody can be sure of; nothing that was refused is
        expect(touchesOfWelcome(greeted)).toHaveLength(outcome === 'sent' || outcome === 'unknown' ? 1 : 0)
        if (delivered() === 1) expect(['sent', 'unknown']).toContain(outcome)
        if (outcome === 'sent') expect(delivered() === 1 || reason === 'delivered_before').toBe(true)
        // someone_first would mean that another was first: here nobody else sends
        expect(reason).not.toBe('someone_first')
      }),
      { numRuns: 300 },
    )
  })
})
