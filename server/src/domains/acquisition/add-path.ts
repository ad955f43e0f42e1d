import { createBatchCache } from '../../infra/batch-cache.ts'
import { commitLazily, type Tx } from '../../infra/db/database.ts'
import { appendEvents } from '../../infra/events/events.store.ts'
import { createGroupRecorder } from '../../infra/group-recorder.ts'
import type { Services } from '../../infra/services.ts'
import { applyRelationFacts, type RelationFact } from '../customers/index.ts'
import { type Callback, factKey } from '../intake/index.ts'
import { addStaffTasks } from '../workbench/index.ts'
import { type ResolvedChannel, resolveChannels } from './channel.store.ts'
import { channelStateOf } from './channel.ts'
import {
  adoptWelcomeClaims,
  type GreetingStaff,
  insertWelcomeSends,
  loadActiveWelcomes,
  loadGreetingStaff,
  loadPlatformMedia,
  type WelcomeSend,
} from './welcome.store.ts'
import { type ActiveWelcome, chooseWelcome, type WelcomeDecision } from './welcome.ts'
import { claimDetail, reviveJob, type WelcomeJob } from './welcome-job.ts'
import { createWelcomeSender, type WelcomeResult } from './welcome-sender.ts'

type AddCallback = Callback & {
  readonly event: Extract<Callback['event'], { kind: 'customer.added' | 'customer.half_added' }>
}

export interface AddPath {
  /** Handles callbacks of relations: facts, and for adds the welcome. */
  handle(callbacks: readonly Callback[]): Promise<void>
  /** Goes on with the welcomes that dead processes had claimed. */
  adopt(deadProcesses: readonly number[]): Promise<number>
  readonly waiting: number
  drain(): Promise<void>
}

/** From an add to its welcome: who came, by which channel, what is said, claimed, sent, recorded. */
export function createAddPath(services: Services, zoneOf: (corpId: number) => string): AddPath {
  const { db, clock, effects, metrics, log, platform } = services

  const channels = createBatchCache<ResolvedChannel>({
    load: (keys) => loadChannels(db, keys),
    ttlMs: 3_000,
    max: 50_000,
  })
  const staff = createBatchCache<GreetingStaff>({
    load: (keys) => loadGreetingStaff(db, keys),
    ttlMs: 10_000,
    max: 50_000,
  })
  const welcomes = createBatchCache<ReadonlyMap<string, ActiveWelcome>>({
    load: async (corpIds) =>
      new Map(await Promise.all(corpIds.map(async (id) => [id, await loadActiveWelcomes(db, Number(id))] as const))),
    ttlMs: 2_000,
    max: 1_000,
  })

  const recorder = createGroupRecorder<WelcomeResult>({
    write: record,
    lingerMs: 5,
    maxBatch: 500,
    log,
    what: 'welcome results',
  })
  const sender = createWelcomeSender({
    clock,
    log,
    client: (job) => platform.forAppId(job.corpId, job.appId),
    media: (assetIds, now) => loadPlatformMedia(db, assetIds, now),
    onResult: (result) => recorder.add(result),
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    concurrency: 96,
  })

  async function handle(callbacks: readonly Callback[]): Promise<void> {
    const known = await channels.many(
      callbacks.flatMap((callback) => {
        const state = stateOf(callback)
        return state === undefined ? [] : [channelKey(callback.corpId, state)]
      }),
    )
    const channelOf = (callback: Callback): ResolvedChannel | undefined => {
      const state = stateOf(callback)
      return state === undefined ? undefined : known.get(channelKey(callback.corpId, state))
    }
    const facts = callbacks.flatMap((callback) => factOf(callback, channelOf(callback)?.id))
    const adds = callbacks.filter(isAdd)
    const members = await staff.many(adds.map((add) => `${add.corpId} ${add.event.userId}`))
    const books = await welcomes.many(adds.map((add) => String(add.corpId)))
    const decided = adds.map((add) =>
      decide(add, channelOf(add), members.get(`${add.corpId} ${add.event.userId}`), books.get(String(add.corpId))),
    )

    const claimed = await db.transaction().execute(async (tx) => {
      // a claim must be on the disk before its call goes out; everything else is handled again after a crash
      if (!adds.some((add) => add.event.welcomeCode !== undefined)) await commitLazily(tx)
      const customerOf = await applyRelationFacts(tx, facts, clock.now())
      return claimAndNote(tx, decided, (add) =>
        customerOf({ corpId: add.corpId, externalUserid: add.event.externalUserId }),
      )
    })
    sender.push(claimed)
  }

  interface Decided {
    readonly add: AddCallback
    readonly channelId: string | undefined
    readonly decision: WelcomeDecision
    readonly staffName: string
    readonly storeName: string | undefined
    readonly trace: unknown
  }

  function decide(
    add: AddCallback,
    channel: ResolvedChannel | undefined,
    member: GreetingStaff | undefined,
    book: ReadonlyMap<string, ActiveWelcome> | undefined,
  ): Decided {
    const circumstances = {
      channelId: channel?.id,
      userid: add.event.userId,
      storeId: channel?.storeId ?? member?.storeId,
      at: add.createdAt,
      zone: zoneOf(add.corpId),
    }
    const decision = chooseWelcome(book ?? new Map(), circumstances)
    return {
      add,
      channelId: channel?.id,
      decision,
      staffName: member?.name ?? '',
      storeName: member?.storeName,
      trace: {
        asked: {
          userid: circumstances.userid,
          staffName: member?.name,
          storeId: circumstances.storeId,
          storeName: member?.storeName,
          channelId: channel?.id,
          channelName: channel?.name,
          state: add.event.state,
          at: add.createdAt,
          half: add.event.kind === 'customer.half_added',
          hasCode: add.event.welcomeCode !== undefined,
        },
        considered: decision.considered,
        band: decision.band?.name,
      },
    }
  }

  /** Claims the welcomes that can be sent; notes the adds that get none, with the reason. */
  async function claimAndNote(
    tx: Tx,
    decided: readonly Decided[],
    customerOf: (add: AddCallback) => number,
  ): Promise<readonly WelcomeJob[]> {
    const jobs: WelcomeJob[] = []
    const notes: WelcomeSend[] = []
    for (const item of decided) {
      const { add, decision } = item
      const code = add.event.welcomeCode
      if (code !== undefined && decision.welcome !== undefined && decision.band !== undefined) {
        jobs.push(jobOf(item, code, decision.welcome, decision.band.content, customerOf(add)))
      } else {
        notes.push(noteOf(item, customerOf(add), code === undefined ? 'no_code' : 'none'))
      }
    }
    const won = await effects.claim(
      tx,
      jobs.map((job) => ({
        key: job.key,
        corpId: job.corpId,
        kind: 'welcome',
        subject: job.externalUserid,
        detail: claimDetail(job),
      })),
      clock.now(),
    )
    await insertWelcomeSends(tx, notes)
    const mine = jobs.filter((job) => won.has(job.key))
    for (const job of mine) job.stages['claimed'] = Math.round((performance.now() - job.receivedMs) * 10) / 10
    return mine
  }

  async function record(results: readonly WelcomeResult[]): Promise<void> {
    const at = clock.now()
    await db.transaction().execute(async (tx) => {
      await effects.settle(
        tx,
        results.map(({ job, outcome, errcode, reason }) => ({
          key: job.key,
          state: outcome === 'sent' ? 'done' : outcome,
          errcode,
          detail: { reason: reason ?? null, welcomeId: job.welcomeId },
        })),
        at,
      )
      await insertWelcomeSends(
        tx,
        results.map((result) => sendOf(result, at)),
      )
      await appendEvents(
        tx,
        results.map(({ job, outcome, reason, errcode }) => ({
          kind: outcome === 'sent' ? 'welcome.sent' : 'welcome.failed',
          corpId: job.corpId,
          customerId: job.customerId,
          staffUserid: job.userid,
          occurredAt: at,
          cause: `effect:${job.key}`,
          payload: {
            outcome,
            reason,
            errcode,
            welcomeId: job.welcomeId,
            versionId: job.versionId,
            channelId: job.channelId,
          },
          dedupeKey: factKey(job.corpId, ['welcome', job.key, outcome]),
        })),
        at,
      )
      await addStaffTasks(
        tx,
        results
          .filter((result) => result.outcome === 'late' || result.outcome === 'unknown')
          .map(({ job, outcome, reason }) => ({
            corpId: job.corpId,
            userid: job.userid,
            kind: 'welcome',
            key: job.key,
            customerId: job.customerId,
            detail: {
              outcome,
              reason,
              text: job.content.textWithoutName ?? job.content.text,
              channelId: job.channelId,
            },
            createdAt: at,
          })),
      )
    })
    for (const { job, outcome } of results) {
      metrics.welcomes.inc({ outcome })
      const answered = job.stages['answered']
      if (answered !== undefined) metrics.welcome.observe(answered / 1000)
    }
  }

  return {
    handle,
    async adopt(deadProcesses) {
      const rows = await adoptWelcomeClaims(db, deadProcesses, services.processId)
      sender.push(rows.map((row) => reviveJob(row.key, row.detail, performance.now())))
      return rows.length
    },
    get waiting() {
      return sender.waiting
    },
    async drain() {
      await sender.drain()
      await recorder.drain()
    },
  }

  function jobOf(
    item: Decided,
    welcomeCode: string,
    welcome: ActiveWelcome,
    content: WelcomeJob['content'],
    customerId: number,
  ): WelcomeJob {
    const { add } = item
    return {
      key: effectKey(add),
      corpId: add.corpId,
      appId: add.appId,
      customerId,
      userid: add.event.userId,
      externalUserid: add.event.externalUserId,
      welcomeCode,
      channelId: item.channelId,
      welcomeId: welcome.id,
      versionId: welcome.versionId,
      content,
      staffName: item.staffName,
      storeName: item.storeName,
      addedAt: add.createdAt,
      receivedAt: add.receivedAt,
      deadlineMs: add.deadlineMs,
      trace: item.trace,
      maybeSent: false,
      receivedMs: add.receivedMs,
      stages: {},
    }
  }

  function noteOf(item: Decided, customerId: number, outcome: 'no_code' | 'none'): WelcomeSend {
    const { add, decision } = item
    return {
      effectKey: effectKey(add),
      corpId: add.corpId,
      customerId,
      userid: add.event.userId,
      externalUserid: add.event.externalUserId,
      channelId: item.channelId,
      welcomeId: decision.welcome?.id,
      versionId: decision.welcome?.versionId,
      outcome,
      errcode: undefined,
      reason: undefined,
      addedAt: add.createdAt,
      receivedAt: add.receivedAt,
      settledAt: undefined,
      stages: {},
      trace: item.trace,
    }
  }
}

function sendOf(result: WelcomeResult, at: Date): WelcomeSend {
  const { job, outcome, errcode, reason } = result
  return {
    effectKey: job.key,
    corpId: job.corpId,
    customerId: job.customerId,
    userid: job.userid,
    externalUserid: job.externalUserid,
    channelId: job.channelId,
    welcomeId: job.welcomeId,
    versionId: job.versionId,
    outcome,
    errcode,
    reason,
    addedAt: job.addedAt,
    receivedAt: job.receivedAt,
    settledAt: at,
    stages: job.stages,
    trace: job.trace,
  }
}

/** One welcome a relation and add: the copies that several apps get of one add meet in it. */
function effectKey(add: AddCallback): string {
  return `welcome:${add.corpId}:${add.event.userId}:${add.event.externalUserId}:${add.event.createTime}`
}

function isAdd(callback: Callback): callback is AddCallback {
  return callback.event.kind === 'customer.added' || callback.event.kind === 'customer.half_added'
}

function stateOf(callback: Callback): string | undefined {
  return isAdd(callback) && callback.event.state !== undefined && callback.event.state !== ''
    ? channelStateOf(callback.event.state)
    : undefined
}

/** Keys are `corpId state`. */
async function loadChannels(
  db: Services['db'],
  keys: readonly string[],
): Promise<ReadonlyMap<string, ResolvedChannel>> {
  const found = new Map<string, ResolvedChannel>()
  for (const [corpId, group] of Map.groupBy(keys, (key) => key.slice(0, key.indexOf(' ')))) {
    const channels = await resolveChannels(
      db,
      Number(corpId),
      group.map((key) => key.slice(corpId.length + 1)),
    )
    for (const [state, channel] of channels) found.set(`${corpId} ${state}`, channel)
  }
  return found
}

function channelKey(corpId: number, state: string): string {
  return `${corpId} ${state}`
}

/** The fact that a callback of a relation tells; none for other families. */
function factOf(callback: Callback, channelId: string | undefined): RelationFact[] {
  const { event } = callback
  const base = (kind: RelationFact['kind'], ids: { userId: string; externalUserId: string }) => ({
    kind,
    corpId: callback.corpId,
    userid: ids.userId,
    externalUserid: ids.externalUserId,
    at: callback.createdAt,
    cause: `callback:${callback.id}`,
    dedupeKey: factKey(callback.corpId, [kind, ids.userId, ids.externalUserId, event.createTime]),
  })
  switch (event.kind) {
    case 'customer.added':
      return [{ ...base('added', event), state: event.state, channelId }]
    case 'customer.half_added':
      return [{ ...base('half_added', event), state: event.state, channelId }]
    case 'customer.edited':
      return [base('edited', event)]
    case 'customer.removed_by_member':
      return [{ ...base('ended', event), endedBy: event.source === 'DELETE_BY_TRANSFER' ? 'transfer' : 'staff' }]
    case 'customer.removed_by_customer':
      return [{ ...base('ended', event), endedBy: 'customer' }]
    case 'customer.transfer_failed':
      return [{ ...base('transfer_failed', event), reason: event.failReason }]
    case 'customer.archive_agreed':
      return [base('archive_agreed', event)]
    default:
      return []
  }
}
