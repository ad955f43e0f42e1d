import {
  AgentId,
  CircuitOpenError,
  type Client,
  DepartmentId,
  ExternalUserId,
  NetworkError,
  sealVerification,
  UnknownOutcomeError,
  UserId,
  WecomError,
} from '@nuanyu/wecom'
import { customerSite, siteSettings } from '../../../infra/customer-site.ts'
import { profileOf } from '../../../infra/platform/limits.ts'
import type { Services } from '../../../infra/services.ts'
import { corpBasics } from '../corps.store.ts'
import { selfTestAgent } from '../guide/guide.witness.ts'
import * as store from './doctor.store.ts'
import type { AppFacts, Facts, Probe } from './doctor.ts'

/** A trial call waits no longer. Machine time. */
const patienceMs = 5_000
const departmentsAScheduledRun = 40
const departmentsAnAskedRun = 300
const sampled = 5
/** A callback that is on its way is not lost. */
const inFlightMs = 60_000

export interface Collected {
  readonly facts: Facts
  readonly kept: store.DoctorRun['facts']
}

type Needs = Pick<Services, 'db' | 'vault' | 'platform' | 'config' | 'clock' | 'sandboxUrl' | 'log'>

/** The facts of one corp, in few calls; what it reads of members is written down on the way. */
export async function collect(
  services: Needs,
  corpId: number,
  cause: 'person' | 'schedule',
  before: store.DoctorRun['facts'],
  machineNow: () => number,
): Promise<Collected> {
  const { db, vault, platform, config, clock } = services
  const corp = await corpBasics(db, corpId)
  const stored = await store.storedFacts(db, corpId, clock.now())
  const own = await store.doctorApps(db, vault, corpId)
  const apps: AppFacts[] = []
  const present = new Set<string>()
  let range: { users: readonly string[]; departments: readonly number[] } | undefined
  for (const app of own) {
    const client = app.hasSecret ? await platform.forApp(corpId, app.appKey) : undefined
    const tried = client === undefined ? undefined : await tryApp(client, app)
    const { probe, answer } = tried ?? { probe: undefined, answer: undefined }
    for (const userid of tried?.present ?? []) present.add(userid)
    if (app.kind === 'app' && answer !== undefined && answer.tags === 0) range ??= answer
    apps.push({
      appKey: app.appKey,
      name: app.name,
      kind: app.kind,
      hasSecret: app.hasSecret,
      hasCallback: app.callback !== undefined,
      probe,
      agent: answer === undefined ? undefined : { closed: answer.closed, redirectDomain: answer.redirectDomain },
      verifiedAt: app.verifiedAt,
      lastCallbackAt: app.lastCallbackAt,
      refused: app.refused,
      selfTest:
        app.callback === undefined || corp === undefined
          ? undefined
          : await selfTest(config.publicUrl, corp.corpid, app.appKey, app.callback),
    })
  }
  const client = await platform.forCorp(corpId)
  const works = client !== undefined && apps.some((app) => app.kind === 'app' && app.probe?.kind === 'ok')
  const contact = works ? await trying(() => client.customers.listFollowUsers({}, calling())) : undefined
  const statuses = works ? await readStatuses(client, db, corpId, before.lastDepartment ?? 0, cause) : undefined
  await db.transaction().execute((tx) =>
    store.saveReadings(tx, corpId, {
      follows: contact?.answer?.follow_user,
      statuses: statuses?.byUserid ?? new Map(),
      range,
    }),
  )
  const reads = works && contact?.probe.kind === 'ok'
  const limits = profileOf(corp?.limits)
  const addresses = works ? await readAddresses(client, before, clock.now()) : before
  const facts: Facts = {
    real: services.sandboxUrl === undefined,
    publicUrl: config.publicUrl,
    pagesUrl: siteSettings(stored.settings).askedBy === undefined ? customerSite(config, stored.settings) : undefined,
    machineNow: machineNow(),
    apps,
    verifyMs: limits.value('callback.verify_timeout_s') * 1_000,
    contact: contact?.probe,
    links:
      works && stored.usesLinks ? (await trying(() => client.acquisitionLinks.quota({}, calling()))).probe : undefined,
    skewMs: await skew(services.sandboxUrl ?? config.wecomUrl, machineNow),
    members: await store.blockedMembers(db, corpId, limits.value('customer.per_member'), present),
    noCode: await store.noCodeFacts(db, corpId, new Date(clock.now().getTime() - 7 * 86_400_000)),
    welcomes: stored.welcomes,
    failures: stored.failures,
    budget: (await platform.use(corpId)).map((use) => ({
      api: use.path,
      exhaustedAt: use.exhaustedAt,
      blockedUntil: use.blockedUntil,
    })),
    unionid: reads ? await readUnionid(client, db, corpId) : undefined,
    lost: reads && stored.firstSyncDone ? await readLost(client, db, corpId, clock.now()) : { count: 0, members: [] },
    inactive: stored.inactive,
    deadCallbacks: stored.deadCallbacks,
  }
  return { facts, kept: { ...addresses, lastDepartment: statuses?.last ?? before.lastDepartment ?? 0 } }
}

const calling = () => ({
  priority: 'normal' as const,
  deadline: Date.now() + patienceMs,
  signal: AbortSignal.timeout(patienceMs),
})

/** Tries a call; what is not the platform's answer nor the network's fails the run. */
async function trying<T>(call: () => Promise<T>): Promise<{ probe: Probe; answer: T | undefined }> {
  try {
    return { probe: { kind: 'ok' }, answer: await call() }
  } catch (error) {
    const failed = (probe: Probe) => ({ probe, answer: undefined })
    if (error instanceof WecomError) return failed({ kind: 'refused', errcode: error.errcode })
    if (error instanceof CircuitOpenError) return failed({ kind: 'circuit', reason: error.reason })
    if (error instanceof NetworkError || error instanceof UnknownOutcomeError) return failed({ kind: 'unreachable' })
    const name = error instanceof Error ? error.name : ''
    // our own patience: the deadline, the abort, or a budget that has no room before it (the budget's own facts say that)
    if (['DeadlineError', 'AbortError', 'TimeoutError'].includes(name)) return failed({ kind: 'unreachable' })
    if (name === 'BudgetExhaustedError') return failed({ kind: 'refused', errcode: 45009 })
    throw error
  }
}

async function tryApp(client: Client, app: store.DoctorApp) {
  const nothing = { answer: undefined, present: [] }
  if (app.kind === 'contacts-sync') return { ...nothing, ...(await everybody(client)) }
  if (app.kind !== 'app' || app.agentId === null) {
    const { probe } = await trying(() => client.network.getCallbackIp({}, calling()))
    return { ...nothing, probe }
  }
  const { probe, answer } = await trying(() => client.agents.get({ agentid: AgentId.parse(app.agentId) }, calling()))
  if (answer === undefined) return { ...nothing, probe }
  return {
    ...nothing,
    probe,
    answer: {
      closed: answer.close === 1,
      redirectDomain: answer.redirect_domain ?? '',
      users: answer.allow_userinfos?.user.map((one) => one.userid) ?? [],
      departments: answer.allow_partys?.partyid ?? [],
      tags: answer.allow_tags?.tagid.length ?? 0,
    },
  }
}

/** A page holds up to 10,000 memberships: more than these are more than any corp's chain has stores for. */
const mostPages = 10

/** Everybody who works in the corp, whatever our app may see; contacts-sync alone reads that. */
async function everybody(client: Client): Promise<{ probe: Probe; present: readonly string[] }> {
  const present: string[] = []
  let cursor: string | undefined
  for (let page = 0; page < mostPages; page += 1) {
    const { probe, answer } = await trying(() =>
      client.contacts.listUserIds({ ...(cursor === undefined ? {} : { cursor }) }, calling()),
    )
    // half a list would take the others for gone
    if (answer === undefined) return { probe, present: [] }
    for (const one of answer.dept_user) present.push(one.userid)
    cursor = answer.next_cursor
    if (cursor === undefined || cursor === '') break
  }
  return { probe: { kind: 'ok' }, present }
}

/** The platform's own status of members, some departments a run, going on where the last run stopped. */
async function readStatuses(
  client: Client,
  db: Services['db'],
  corpId: number,
  after: number,
  cause: 'person' | 'schedule',
) {
  const most = cause === 'person' ? departmentsAnAskedRun : departmentsAScheduledRun
  const ids = await store.departmentsAfter(db, corpId, after, most)
  const byUserid = new Map<string, number>()
  let last = after
  for (const id of ids) {
    const { probe, answer } = await trying(() =>
      client.contacts.listUsers({ department_id: DepartmentId.parse(id) }, calling()),
    )
    // outside the visible range (60011) or gone (60003): the next department may be readable
    if (probe.kind !== 'ok' && !(probe.kind === 'refused' && [60011, 60003, 60123, 45029].includes(probe.errcode)))
      break
    for (const member of answer?.userlist ?? [])
      if (member.status !== undefined) byUserid.set(member.userid, member.status)
    last = id
  }
  return { byUserid, last }
}

async function readUnionid(client: Client, db: Services['db'], corpId: number): Promise<Facts['unionid']> {
  const id = await store.sampleCustomer(db, corpId)
  if (id === undefined) return undefined
  const { answer } = await trying(() => client.customers.get({ external_userid: ExternalUserId.parse(id) }, calling()))
  if (answer === undefined || answer.external_contact.type !== 1) return undefined
  return answer.external_contact.unionid === undefined ? 'missing' : 'present'
}

/** Customers of a few members of whom nothing was told; those who came in this minute may still be on their way. */
async function readLost(client: Client, db: Services['db'], corpId: number, now: Date): Promise<Facts['lost']> {
  const found: { userid: string; count: number }[] = []
  for (const userid of await store.sampleMembers(db, corpId, now.toISOString(), sampled)) {
    const { answer } = await trying(() =>
      client.customers.listExternalUserIds({ userid: UserId.parse(userid) }, calling()),
    )
    const unknown = await store.unknownCustomers(db, corpId, userid, answer?.external_userid ?? [])
    // the list says nothing of when they came: one of them is asked
    const [one] = unknown
    if (one === undefined) continue
    const detail = await trying(() => client.customers.get({ external_userid: ExternalUserId.parse(one) }, calling()))
    const addedS = detail.answer?.follow_user.find((relation) => relation.userid === userid)?.createtime
    if (addedS !== undefined && addedS * 1000 < now.getTime() - inFlightMs)
      found.push({ userid, count: unknown.length })
  }
  return { count: found.reduce((sum, one) => sum + one.count, 0), members: found.map((one) => one.userid) }
}

/** The addresses that firewalls must let through, re-read daily. */
async function readAddresses(
  client: Client,
  before: store.DoctorRun['facts'],
  now: Date,
): Promise<store.DoctorRun['facts']> {
  if (before.inboundAt !== undefined && now.getTime() - Date.parse(before.inboundAt) < 86_400_000) return before
  const outbound = await trying(() => client.network.getApiDomainIp({}, calling()))
  const inbound = await trying(() => client.network.getCallbackIp({}, calling()))
  if (outbound.answer === undefined || inbound.answer === undefined) return before
  return { ...before, outbound: outbound.answer.ip_list, inbound: inbound.answer.ip_list, inboundAt: now.toISOString() }
}

/** How far the platform's clock is before ours, by the Date of an answer; undefined: none came. */
async function skew(baseUrl: string, machineNow: () => number): Promise<number | undefined> {
  const asked = machineNow()
  const response = await fetch(`${baseUrl}/cgi-bin/get_api_domain_ip`, {
    signal: AbortSignal.timeout(patienceMs),
  }).catch(() => undefined)
  await response?.arrayBuffer().catch(() => undefined)
  const date = response?.headers.get('date')
  if (date === null || date === undefined) return undefined
  // the header has whole seconds: its middle
  return Date.parse(date) + 500 - (asked + machineNow()) / 2
}

/** Calls our own public address as the platform does when it verifies it. */
export async function selfTest(
  publicUrl: string,
  corpid: string,
  appKey: string,
  callback: { readonly token: string; readonly aesKey: string },
): Promise<NonNullable<AppFacts['selfTest']>> {
  const echo = String(Math.floor(Math.random() * 1e15))
  const query = sealVerification({
    ...callback,
    receiveId: corpid,
    timestamp: Math.floor(Date.now() / 1000),
    nonce: echo,
    echo,
  })
  const url = `${publicUrl}/callbacks/wecom/${corpid}/${appKey}?${new URLSearchParams({ ...query })}`
  const started = performance.now()
  const result = (ok: boolean, said: string) => ({ ok, ms: Math.round(performance.now() - started), said })
  try {
    const response = await fetch(url, {
      headers: { 'user-agent': selfTestAgent },
      signal: AbortSignal.timeout(patienceMs),
      redirect: 'manual',
    })
    const body = (await response.text()).slice(0, 200)
    if (response.status !== 200) return result(false, `HTTP ${response.status}`)
    return body === echo ? result(true, '') : result(false, 'the answer is not the echo')
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
    return result(false, cause.slice(0, 200))
  }
}
