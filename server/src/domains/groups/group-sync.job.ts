import { type Client, WecomError } from '@nuanyu/wecom'
import type { OperationRun } from '../../infra/operations/operations.ts'
import type { Services } from '../../infra/services.ts'
import { type GroupsReport, patiently } from '../customers/index.ts'
import { dismissGroups } from './group-facts.store.ts'
import { type GroupAnswer, readGroup } from './group-read.ts'
import { applyReadings } from './group-reading.store.ts'
import { youngMs } from './group-reading.ts'
import {
  beginGroups,
  countListed,
  type GroupPoint,
  groupPoint,
  moveGroupPoint,
  nextUnread,
  noteGroupsSynced,
  noteListed,
  noteRefused,
  notListed,
  possibleOwners,
} from './group-sync.store.ts'
import {
  afterListPage,
  afterListRefusal,
  type GroupPosition,
  groupsAtOnce,
  listPage,
  ownersAt,
  vanishedAsked,
  withRefused,
} from './group-sync.ts'
import { groupLagMs } from './group-upkeep.ts'

type Needs = Pick<Services, 'db' | 'vault' | 'clock' | 'log' | 'platform'>

/** More members are visible than the platform lists groups of without being told the owners. */
const tooMany = 81017
const deadCursor = 50100
/** The app may not read groups at all. */
const notAllowed = new Set([48002, 60011])
/** The owner is not visible, does not exist, or has no customer contact. */
const refusesOwner = new Set([40003, 40058, 60011, 60111, 84074, 701008])

/**
 * The part of a sync that reads the corp's groups, after its customers: all of the list, then every group once. It goes on
 * from the last groups that were written, and has in hand only those that it reads at the moment.
 */
export async function syncGroups(
  services: Needs,
  run: OperationRun<unknown>,
  client: Client,
  relations: number,
): Promise<GroupsReport> {
  const { db, clock } = services
  let point = await groupPoint(db, run.id, run.corpId, clock.now())
  const baseline = await beginGroups(db, run.corpId, point.startedAt)
  const progress = () =>
    run.progress({
      done: relations + point.report.read,
      total: relations + Math.max(point.report.listed, point.report.read),
      checkpoint: { groups: point.report },
    })
  const move = async (next: Pick<GroupPoint, 'position' | 'report'>) => {
    point = { ...point, ...next }
    await progress()
  }
  const unavailable = await listAll({ services, run, client }, () => point, move, progress)
  if (unavailable !== undefined) point = { ...point, report: { ...point.report, unavailable } }
  const context = { cause: `sync:${run.id}`, lagMs: await groupLagMs(services, run.corpId), baseline }

  const readThese = async (chatIds: readonly string[]) => {
    const answers = await Promise.all(
      chatIds.map((chatId) => patiently(() => readGroup(client, clock, chatId), progress)),
    )
    const at = clock.now()
    let report = point.report
    await db.transaction().execute(async (tx) => {
      const readings = answers.flatMap((answer) => (answer.kind === 'read' ? [answer.reading] : []))
      const applied = await applyReadings(tx, readings, { ...context, corpId: run.corpId, vault: services.vault, at })
      const ends = of(answers, 'gone').map(({ chatId }) => ({ chatId, at, cause: context.cause }))
      const dismissed = await dismissGroups(tx, run.corpId, ends, at)
      await noteRefused(tx, run.corpId, of(answers, 'refused'), at)
      report = withRefused(
        {
          ...point.report,
          read: point.report.read + chatIds.length,
          members: point.report.members + applied.members,
          found: point.report.found + applied.found,
          gone: point.report.gone + applied.gone,
          changed: point.report.changed + applied.changed,
          created: point.report.created + applied.created,
          dismissed: point.report.dismissed + dismissed,
          calls: point.report.calls + chatIds.length,
        },
        of(answers, 'refused'),
      )
      await moveGroupPoint(tx, run.id, { position: point.position, report }, at)
    })
    await move({ position: point.position, report })
  }
  const untilNone = async (next: (after: string) => Promise<readonly string[]>, most: number) => {
    let asked = 0
    for (let chatIds = await next(''); chatIds.length > 0 && asked < most; chatIds = await next(chatIds.at(-1) ?? '')) {
      await readThese(chatIds)
      asked += chatIds.length
    }
  }
  const { startedAt } = point
  await untilNone((after) => nextUnread(db, run.corpId, startedAt, after, groupsAtOnce), Number.POSITIVE_INFINITY)
  const settled = new Date(startedAt.getTime() - youngMs)
  if (unavailable === undefined)
    await untilNone((after) => notListed(db, run.corpId, startedAt, settled, after, groupsAtOnce), vanishedAsked)
  await db.transaction().execute((tx) => noteGroupsSynced(tx, run.corpId, run.id, clock.now()))
  return point.report
}

function of<Kind extends 'gone' | 'refused'>(answers: readonly GroupAnswer[], kind: Kind) {
  return answers.flatMap((answer) => (answer.kind === kind ? [{ chatId: answer.chatId, errcode: answer.errcode }] : []))
}

interface Listing {
  readonly services: Needs
  readonly run: OperationRun<unknown>
  readonly client: Client
}

/** Notes every group of the list; answers the code with which the platform refuses groups to this app. */
async function listAll(
  { services: { db, clock }, run, client }: Listing,
  point: () => GroupPoint,
  move: (next: Pick<GroupPoint, 'position' | 'report'>) => Promise<void>,
  onWait: () => Promise<void>,
): Promise<number | undefined> {
  while (point().position.stage === 'listing') {
    const { position, report, startedAt } = point()
    const owners = ownersAt(position)
    let next: GroupPosition
    let groups: readonly { chat_id: string; status: number }[] = []
    try {
      const page = await patiently(
        () =>
          client.groups.list(
            {
              ...(owners === undefined ? {} : { owner_filter: { userid_list: [...owners] } }),
              cursor: position.cursor,
              limit: listPage,
            },
            { priority: 'bulk' },
          ),
        onWait,
      )
      groups = page.group_chat_list
      next = afterListPage(position, page.next_cursor)
    } catch (error) {
      if (!(error instanceof WecomError)) throw error
      if (error.errcode === deadCursor && position.cursor !== '') next = { ...position, cursor: '' }
      else if (error.errcode === tooMany && owners === undefined)
        next = { ...position, owners: [...(await possibleOwners(db, run.corpId))], from: 0, cursor: '' }
      else if (owners === undefined && notAllowed.has(error.errcode)) return error.errcode
      else if (owners !== undefined && refusesOwner.has(error.errcode)) next = afterListRefusal(position)
      else throw error
    }
    const listed = await db.transaction().execute(async (tx) => {
      await noteListed(tx, run.corpId, groups, startedAt)
      const moved = {
        position: next,
        report: { ...report, listed: await countListed(tx, run.corpId, startedAt), calls: report.calls + 1 },
      }
      await moveGroupPoint(tx, run.id, moved, clock.now())
      return moved
    })
    await move(listed)
  }
  return undefined
}
