import type { Said } from '../../../infra/errors.ts'
import type { Readiness } from '../staff/staff.ts'
import { type FindingCode, findingWords } from './doctor.words.ts'

/** The doctor's judgement over collected facts: pure, so that every fault has its rule and its test. */

/** How one trial call ended. */
export type Probe =
  | { readonly kind: 'ok' }
  | { readonly kind: 'refused'; readonly errcode: number }
  /** The secret was refused before and is not tried again: repeats ban the IP. */
  | { readonly kind: 'circuit'; readonly reason: string }
  | { readonly kind: 'unreachable' }

export interface AppFacts {
  readonly appKey: string
  readonly name: string
  readonly kind: 'app' | 'contacts-sync' | 'archive' | 'kf'
  readonly hasSecret: boolean
  readonly hasCallback: boolean
  readonly probe: Probe | undefined
  readonly agent: { readonly closed: boolean; readonly redirectDomain: string } | undefined
  /** The platform's own check of the address reached us and passed. */
  readonly verifiedAt: Date | undefined
  readonly lastCallbackAt: Date | undefined
  /** Requests that we could not open, later than the last one that we could. */
  readonly refused: { readonly at: Date; readonly code: number; readonly count: number } | undefined
  readonly selfTest: { readonly ok: boolean; readonly ms: number; readonly said: string } | undefined
}

export interface MemberFacts {
  readonly userid: string
  readonly name: string
  readonly readiness: Readiness
  /** Active channels that name him, his store or his department. */
  readonly channels: number
}

/** The last adds of one member, with harmless causes taken out. */
export interface NoCodeFacts {
  readonly userid: string
  readonly name: string
  readonly adds: number
  readonly noCode: number
  /** The latest of them came without a code. */
  readonly latestWithout: boolean
}

export interface FailureFacts {
  readonly api: string
  readonly errcode: number
  readonly count: number
}

export interface BudgetFacts {
  readonly api: string
  /** Machine time in ms. */
  readonly exhaustedAt: number | undefined
  readonly blockedUntil: number | undefined
}

export interface Facts {
  /** A real corp, not the sandbox. */
  readonly real: boolean
  readonly publicUrl: string
  /** Where customers' pages are, of which our app asks who opens them; undefined: an Official Account asks. */
  readonly pagesUrl: string | undefined
  readonly machineNow: number
  readonly apps: readonly AppFacts[]
  /** So long the platform waits for the answer that verifies an address. */
  readonly verifyMs: number
  /** Reading the follow users with our app's token. */
  readonly contact: Probe | undefined
  /** Reading the acquisition links' quota; undefined: no channel uses links. */
  readonly links: Probe | undefined
  readonly skewMs: number | undefined
  readonly members: readonly MemberFacts[]
  readonly noCode: readonly NoCodeFacts[]
  readonly welcomes: { readonly sent: number; readonly raced: number }
  readonly failures: readonly FailureFacts[]
  readonly budget: readonly BudgetFacts[]
  /** A WeChat customer was read, with or without a unionid. */
  readonly unionid: 'present' | 'missing' | undefined
  /** Customers at the platform of a few members, of whom no callback told us. */
  readonly lost: { readonly count: number; readonly members: readonly string[] }
  readonly inactive: 'alert' | 'closed' | undefined
  readonly deadCallbacks: number
}

export const severities = ['red', 'amber', 'info'] as const
export type Severity = (typeof severities)[number]

export interface Finding {
  readonly code: FindingCode
  readonly severity: Severity
  readonly title: Said
  readonly why: Said
  readonly menuPath: Said | null
  readonly mend: Said
  readonly subjects: readonly { readonly type: string; readonly id: string; readonly name: string }[]
}

const skewMost = 60_000
const hour = 3_600_000
/** So much of a member's last adds without a code is no accident. */
const noCodeShare = 0.3
/** Above this share another app is regularly first. */
const racedShare = 0.05

/** What each error code of lately means for the corp's settings. */
const codeOf: Readonly<Record<number, FindingCode>> = {
  40001: 'app.secret',
  50003: 'app.disabled',
  60031: 'app.disabled',
  60020: 'ip.not_trusted',
  48002: 'app.not_callable',
  84074: 'app.not_callable',
  60011: 'range.denied',
  60021: 'range.denied',
  60030: 'range.denied',
  92000: 'range.denied',
  80001: 'domain.trusted',
  50001: 'domain.redirect',
  90206: 'miniprogram.unlinked',
  41053: 'archive.consent',
  48006: 'app.suspended',
  43009: 'corp.not_verified',
  40099: 'capacity.full',
  41200: 'links.industry',
}

export function diagnose(facts: Facts): readonly Finding[] {
  const found = new Map<FindingCode, Finding>()
  const say = (
    code: FindingCode,
    severity: Severity,
    values: Parameters<(typeof findingWords)[FindingCode]>[0] = {},
    subjects: Finding['subjects'] = [],
  ) => {
    const known = found.get(code)
    const all = [...(known?.subjects ?? []), ...subjects]
    found.set(code, {
      code,
      severity:
        known === undefined || severities.indexOf(severity) < severities.indexOf(known.severity)
          ? severity
          : known.severity,
      ...findingWords[code]({
        ...values,
        count: values.count ?? all.length,
        names: all.map((one) => one.name).slice(0, 5),
      }),
      subjects: [...new Map(all.map((one) => [`${one.type} ${one.id}`, one])).values()],
    })
  }
  judgeApps(facts, say)
  judgeSite(facts, say)
  judgeMembers(facts.members, say)
  judgeWelcome(facts, say)
  for (const failure of facts.failures) {
    const code = codeOf[failure.errcode]
    if (code !== undefined && !found.has(code))
      say(code, gravity(code), { errcode: failure.errcode, count: failure.count }, [
        { type: 'api', id: failure.api, name: failure.api },
      ])
  }
  if (facts.unionid === 'missing') say('corp.developer_account', 'info')
  if (facts.inactive !== undefined) say(facts.inactive === 'closed' ? 'app.suspended' : 'app.inactive', 'red')
  return [...found.values()].sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
}

type Say = (
  code: FindingCode,
  severity: Severity,
  values?: Parameters<(typeof findingWords)[FindingCode]>[0],
  subjects?: Finding['subjects'],
) => void

function gravity(code: FindingCode): Severity {
  return ['miniprogram.unlinked', 'domain.trusted', 'domain.redirect', 'range.denied', 'links.industry'].includes(code)
    ? 'amber'
    : 'red'
}

function judgeApps(facts: Facts, say: Say): void {
  const subject = (app: AppFacts) => [{ type: 'app', id: app.appKey, name: app.name }]
  const main = facts.apps.find((app) => app.kind === 'app' && app.hasSecret)
  if (main === undefined) say('app.missing', 'red')
  for (const app of facts.apps) {
    const contacts = app.kind === 'contacts-sync'
    judgeProbe(app.probe, (code, errcode) =>
      say(
        contacts && code === 'app.secret' ? 'contacts.secret' : code,
        contacts ? 'amber' : 'red',
        { app: app.name, errcode },
        subject(app),
      ),
    )
    if (app.agent?.closed) say('app.disabled', 'red', { app: app.name }, subject(app))
    if (app.kind === 'app' && app.agent !== undefined) judgeDomain(facts, app, say)
    if (!app.hasCallback) {
      if (app.kind === 'app' || contacts)
        say(
          contacts ? 'contacts.callback' : 'callback.missing',
          contacts ? 'amber' : 'red',
          { app: app.name },
          subject(app),
        )
      continue
    }
    const heard = app.verifiedAt !== undefined || app.lastCallbackAt !== undefined
    if (app.refused !== undefined)
      say(
        'callback.refused',
        'red',
        { app: app.name, errcode: app.refused.code, count: app.refused.count },
        subject(app),
      )
    else if (!heard) say('callback.never', contacts ? 'amber' : 'red', { app: app.name }, subject(app))
    if (app.selfTest !== undefined && (!app.selfTest.ok || app.selfTest.ms > facts.verifyMs))
      say(
        app.selfTest.ok ? 'callback.slow' : 'callback.self_test',
        heard ? 'amber' : 'red',
        { app: app.name, ms: app.selfTest.ms, mostMs: facts.verifyMs, said: app.selfTest.said },
        subject(app),
      )
  }
  if (!facts.apps.some((app) => app.kind === 'contacts-sync' && app.hasSecret)) say('contacts.missing', 'amber')
  judgeProbe(facts.contact, (code, errcode) => say(code, 'red', { errcode }))
  judgeProbe(facts.links, (code) => {
    if (code === 'app.not_callable') say('links.unavailable', 'amber')
  })
}

function judgeProbe(probe: Probe | undefined, say: (code: FindingCode, errcode: number) => void): void {
  if (probe === undefined || probe.kind === 'ok') return
  if (probe.kind === 'unreachable') say('platform.unreachable', 0)
  else if (probe.kind === 'circuit') say('app.secret', Number(/^\d+/.exec(probe.reason)?.[0] ?? 40001))
  else {
    const code = codeOf[probe.errcode]
    if (code !== undefined) say(code, probe.errcode)
  }
}

function judgeDomain(facts: Facts, app: AppFacts, say: Say): void {
  // customers are known silently on their own pages: landing pages, links, and the page of less
  const host = new URL(facts.pagesUrl ?? facts.publicUrl).host
  const registered = app.agent?.redirectDomain ?? ''
  // in the sandbox no registered domain means any
  if (registered === host || (registered === '' && !facts.real)) return
  say('domain.redirect', 'amber', { host, said: registered }, [{ type: 'app', id: app.appKey, name: app.name }])
}

function judgeSite(facts: Facts, say: Say): void {
  const url = new URL(facts.publicUrl)
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (facts.real && (local || url.protocol !== 'https:'))
    say('site.not_public', local ? 'red' : 'amber', { host: url.origin })
  if (facts.skewMs !== undefined && Math.abs(facts.skewMs) > skewMost) say('clock.skew', 'red', { ms: facts.skewMs })
  if (facts.lost.count > 0)
    say(
      'callback.lost',
      'red',
      { count: facts.lost.count },
      facts.lost.members.map((userid) => ({ type: 'staff', id: userid, name: userid })),
    )
  if (facts.deadCallbacks > 0) say('callback.dead', 'amber', { count: facts.deadCallbacks })
  for (const use of facts.budget) {
    const subject = [{ type: 'api', id: use.api, name: use.api }]
    if (use.blockedUntil !== undefined && use.blockedUntil > facts.machineNow)
      say('budget.blocked', 'red', { ms: use.blockedUntil - facts.machineNow, said: use.api }, subject)
    else if (use.exhaustedAt !== undefined && use.exhaustedAt - facts.machineNow < hour)
      say('budget.exhausting', 'amber', { ms: Math.max(0, use.exhaustedAt - facts.machineNow), said: use.api }, subject)
  }
}

function judgeMembers(members: readonly MemberFacts[], say: Say): void {
  const codes: Partial<Record<Readiness, FindingCode>> = {
    not_active: 'member.not_active',
    disabled: 'member.not_active',
    not_addable: 'member.not_addable',
    not_following: 'member.not_following',
    not_visible: 'member.not_visible',
    gone: 'member.gone',
  }
  for (const [code, group] of Map.groupBy(members, (member) => codes[member.readiness])) {
    if (code === undefined) continue
    // whom no channel names needs no customer contact, no visible range and no new account
    const idle = code === 'member.not_active' || code === 'member.not_addable'
    const concerned = group.filter((member) => member.channels > 0 || idle)
    if (concerned.length === 0) continue
    const urgent = concerned.some((member) => member.channels > 0)
    say(
      code,
      urgent ? 'red' : 'info',
      {},
      concerned.map((member) => ({ type: 'staff', id: member.userid, name: member.name })),
    )
  }
}

/** Adds of a member that keep coming without a code: probably a welcome in the platform's own console (a suspicion). */
export function suspects(facts: readonly NoCodeFacts[]): readonly NoCodeFacts[] {
  return facts.filter((one) => one.latestWithout && one.noCode / one.adds >= noCodeShare)
}

function judgeWelcome(facts: Facts, say: Say): void {
  const suspicious = suspects(facts.noCode)
  if (suspicious.length > 0)
    say(
      'welcome.no_code',
      'red',
      {
        said: suspicious
          .map((one) => `${one.name} ${one.noCode}/${one.adds}`)
          .slice(0, 5)
          .join('、'),
      },
      suspicious.map((one) => ({ type: 'staff', id: one.userid, name: one.name })),
    )
  const { sent, raced } = facts.welcomes
  if (raced > 0 && raced / (sent + raced) >= racedShare)
    say('welcome.raced', 'amber', { count: raced, said: String(sent + raced) })
}
