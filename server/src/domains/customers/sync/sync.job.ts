import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, WecomError } from '@nuanyu/wecom'
import { transactionAgain } from '../../../infra/db/again.ts'
import { AppError } from '../../../infra/errors.ts'
import type { OperationRun } from '../../../infra/operations/operations.ts'
import type { Services } from '../../../infra/services.ts'
import { applySeen, type SeenContext, writeSeenCards } from '../seen/seen.store.ts'
import type { SeenRelation } from '../seen/seen.ts'
import { inWords, patiently } from './patience.ts'
import {
  baselineOf,
  countAlive,
  endVanished,
  findPoint,
  insertPoint,
  type Missing,
  movePoint,
  noteMissing,
  noteSynced,
  notMet,
} from './sync.store.ts'
import {
  type GroupsReport,
  guessTotal,
  membersACall,
  type SyncPoint,
  type SyncReport,
  syncReportSchema,
  tooManyVanished,
  writeAtOnce,
  youngMs,
} from './sync.ts'
import { syncPeople } from './sync-people.ts'
import { readRelations, type SyncPage } from './sync-read.ts'
import { catchUp, createSyncWriter, customersOf } from './sync-write.ts'

type Needs = Pick<Services, 'db' | 'vault' | 'clock' | 'log' | 'platform' | 'pressure'>
/** The part that reads customer groups, once the customers in them are known; `relations`: how much is done so far. */
export type ReadGroups = (run: OperationRun<unknown>, client: Client, relations: number) => Promise<GroupsReport>

/** Adds that were too young when met are kept in mind up to this many; the next reconcile finds the rest. */
const youngKept = 20_000
/** Vanished relations are asked for one by one before they end; more than this are only noted. */
const vanishedAsked = 2_000

/**
 * Reads members and all their customers and makes what we know agree with it: the first sync and the nightly reconcile
 * alike. Reading goes on while the last pages are written; a crash goes on from the last page that was written.
 */
export async function runSync(
  services: Needs,
  run: OperationRun<unknown>,
  readGroups?: ReadGroups,
): Promise<SyncReport> {
  try {
    return await sync(services, run, readGroups)
  } catch (error) {
    throw inWords(error)
  }
}

async function sync(services: Needs, run: OperationRun<unknown>, readGroups?: ReadGroups): Promise<SyncReport> {
  const { db, clock, platform } = services
  const client = await platform.forCorp(run.corpId)
  if (client === undefined)
    throw new AppError('rule', {
      zh: '还没有接入客户联系应用，无法同步。请先完成「接入向导」。',
      en: 'No customer-contact app is connected yet. Finish the connection guide first.',
    })
  let report = syncReportSchema.parse({})
  const onWait = () => run.progress({ done: report.relations })
  const point = (await findPoint(db, run.id)) ?? (await beginPoint(services, run, client, onWait))
  report = point.report
  const baseline = await baselineOf(db, run.corpId, point.startedAt)
  const known = await countAlive(db, run.corpId)
  const context = (): SeenContext => ({
    corpId: run.corpId,
    vault: services.vault,
    at: clock.now(),
    cause: `sync:${run.id}`,
    baseline,
    youngAfter: new Date(clock.now().getTime() - youngMs),
    syncedAt: point.startedAt,
    findMissed: true,
    operationId: run.id,
  })

  const young: SeenRelation[] = []
  const order = new Map(point.userids.map((userid, at) => [userid, at]))
  let membersDone = point.position.from
  const writer = createSyncWriter({
    db,
    async rows(tx, pages: readonly SyncPage[], due) {
      const last = pages.at(-1)
      const seen = pages.flatMap((page) => page.relations)
      const outcome = await applySeen(tx, seen, context())
      const after = counted(report, outcome.counts, seen.length, pages)
      const cardsDue = [...new Set([...due, ...customersOf(outcome.cards)])]
      await movePoint(tx, run.id, { position: last?.next ?? point.position, report: after, cardsDue }, clock.now())
      return { ...outcome, report: after }
    },
    cards: (tx, cards) => writeSeenCards(tx, run.corpId, cards, services.vault),
    async written(pages, outcome) {
      const last = pages.at(-1)
      report = outcome.report
      // who follows what it writes comes after it
      services.pressure.note(pages.reduce((sum, page) => sum + page.relations.length, 0))
      young.push(...outcome.young.slice(0, youngKept - young.length))
      membersDone = Math.max(membersDone, last?.next.from ?? 0, order.get(last?.lastUserid ?? '') ?? 0)
      const total = guessTotal(report.relations, membersDone, point.userids.length)
      await run.progress({
        done: report.relations,
        ...(known > report.relations ? { total: known } : total === undefined ? {} : { total }),
      })
    },
  })

  await catchUp(db, point.cardsDue)
  try {
    let pages: SyncPage[] = []
    for await (const page of readRelations(client, clock, point.userids, point.position, onWait)) {
      pages.push(page)
      if (pages.reduce((sum, one) => sum + one.relations.length, 0) < writeAtOnce) continue
      await writer.push(pages)
      pages = []
    }
    if (pages.length > 0) await writer.push(pages)
  } finally {
    await writer.drain()
  }

  await comeOfAge(services, run, young, report.relations, async (seen) => {
    const found = await transactionAgain(db, async (tx) => {
      const { counts, cards } = await applySeen(tx, seen, context())
      await writeSeenCards(tx, run.corpId, cards, services.vault)
      return counts.found
    })
    report = { ...report, found: report.found + found }
  })
  report = { ...report, ...(await settleMissing(services, run, client, point, report, onWait)) }
  if (readGroups !== undefined) report = { ...report, groups: await readGroups(run, client, report.relations) }
  await db.transaction().execute((tx) => noteSynced(tx, run.corpId, run.id, clock.now()))
  await run.progress({ done: report.relations, total: report.relations })
  return report
}

async function beginPoint(
  services: Needs,
  run: OperationRun<unknown>,
  client: Client,
  onWait: () => Promise<void>,
): Promise<SyncPoint> {
  const startedAt = services.clock.now()
  const { follows, departments, members, tags } = await syncPeople(services, run.corpId, client, onWait)
  const point: SyncPoint = {
    startedAt,
    userids: follows,
    position: { from: 0, size: membersACall, cursor: '' },
    report: syncReportSchema.parse({ departments, members, tags }),
    cardsDue: [],
  }
  await insertPoint(services.db, run.id, run.corpId, point)
  return point
}

function counted(
  report: SyncReport,
  counts: { readonly found: number; readonly ended: number },
  relations: number,
  pages: readonly SyncPage[],
): SyncReport {
  return {
    ...report,
    relations: report.relations + relations,
    found: report.found + counts.found,
    one_way: report.one_way + counts.ended,
    calls: report.calls + pages.length,
    skipped: [...report.skipped, ...pages.flatMap((page) => (page.skipped === undefined ? [] : [page.skipped]))],
  }
}

/** Waits until the youngest adds met could not be called back any more, then judges them again. */
async function comeOfAge(
  { clock }: Needs,
  run: OperationRun<unknown>,
  young: readonly SeenRelation[],
  done: number,
  apply: (seen: readonly SeenRelation[]) => Promise<void>,
): Promise<void> {
  if (young.length === 0) return
  const youngest = Math.max(...young.map((one) => one.createdAt.getTime()))
  // the business clock may stand still: the callbacks travel in machine time
  const until = performance.now() + youngMs
  while (clock.now().getTime() < youngest + youngMs && performance.now() < until) {
    await sleep(250)
    await run.progress({ done })
  }
  for (let at = 0; at < young.length; at += writeAtOnce) await apply(young.slice(at, at + writeAtOnce))
}

/** What the reading did not meet: asked for one by one, as pages shift while people come and go. */
async function settleMissing(
  { db, clock, log }: Needs,
  run: OperationRun<unknown>,
  client: Client,
  point: SyncPoint,
  report: SyncReport,
  onWait: () => Promise<void>,
): Promise<{ vanished: number; kept: number }> {
  const unread = new Set(report.skipped.map((one) => one.userid))
  const readMembers = point.userids.filter((userid) => !unread.has(userid))
  const missing = await notMet(db, run.corpId, readMembers, point.startedAt, youngMs, vanishedAsked + 1)
  if (missing.length === 0) return { vanished: 0, kept: 0 }
  if (missing.length > vanishedAsked || tooManyVanished(missing.length, await countAlive(db, run.corpId))) {
    log.warn({ missing: missing.length }, 'many relations were not met by the sync; they are left as they are')
    await noteMissing(db, run.corpId, run.id, 'kept', missing, clock.now())
    return { vanished: 0, kept: missing.length }
  }
  const gone: Missing[] = []
  for (const one of missing) if (await isGone(client, one, onWait)) gone.push(one)
  for (let at = 0; at < gone.length; at += writeAtOnce) {
    const part = gone.slice(at, at + writeAtOnce)
    await db.transaction().execute((tx) => endVanished(tx, run.corpId, run.id, part, clock.now()))
  }
  return { vanished: gone.length, kept: 0 }
}

/** 84061: nobody follows the customer; 40096: nobody whom we may see. */
async function isGone(client: Client, one: Missing, onWait: () => Promise<void>): Promise<boolean> {
  try {
    let cursor = ''
    do {
      const page = await patiently(
        () => client.customers.get({ external_userid: one.externalUserid, cursor }, { priority: 'bulk' }),
        onWait,
      )
      if (page.follow_user.some((follow) => follow.userid === one.userid)) return false
      cursor = page.next_cursor
    } while (cursor !== '')
    return true
  } catch (error) {
    if (error instanceof WecomError && (error.errcode === 84061 || error.errcode === 40096)) return true
    throw error
  }
}
