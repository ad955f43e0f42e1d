import type { Client } from '@nuanyu/wecom'
import type { Tx } from '../../../infra/db/database.ts'
import { errcodeOf, stillDispatching } from './answers.ts'
import { expectLate, neverMade } from './late.store.ts'
import type { RunNeeds } from './launch.ts'
import { readAll, takeBack } from './looks.ts'
import { messagesOf } from './parties.ts'
import type { MessageParty } from './party.ts'
import { type Listed, type Lost, match } from './print.ts'
import { taskKey } from './recipients.store.ts'
import { findRuns, holdRun, type Run } from './runs.store.ts'
import { knownMsgids, printsOf } from './seek.store.ts'
import { takenBackTasks } from './taken-back.ts'
import { dispatchMs, expiryOf, nextReminder, type Task } from './task.ts'
import { changeTasks, letGo, planAnew } from './tasks.store.ts'

/** So long after it was asked for, and looked for this often, what is not at the platform was never made. */
const neverMadeMs = 10 * 60_000
const looks = 2
const againMs = 2 * 60_000
/** The list is read from a little before the first lost task on: clocks differ. */
const beforeMs = 5 * 60_000
const dayMs = 24 * 3_600_000

export interface Found {
  /** As it was given to be looked for. */
  readonly task: Task
  readonly msgid: string
  /** Whom the platform put on it; undefined: it does not say. */
  readonly listed: ReadonlySet<string> | undefined
}

/**
 * Finds out what became of tasks whose answer was lost: the list of sends has neither sender nor recipients, so a task is
 * known by the token of its own link; without one by its words, then its member and people. Nothing is concluded while the
 * platform still hands out (41063); what is not there long after is asked for once more, under another attempt.
 */
export async function seekTasks(needs: RunNeeds, client: Client, taken: readonly Task[]): Promise<void> {
  const { db, clock, effects } = needs
  const left = taken.filter((one) => one.state === 'asking')
  if (left.length > 0) {
    // a process died with these in hand
    const now = clock.now()
    await effects.settle(
      db,
      left.map((task) => ({
        key: task.effect ?? '',
        state: 'unknown' as const,
        detail: { reason: 'the process died' },
      })),
      now,
    )
    await changeTasks(
      db,
      left.map((task) => ({
        ...{ runId: task.runId, number: task.number, from: 'asking' as const, state: 'unknown' as const },
        nextAt: new Date(now.getTime() + dispatchMs),
      })),
    )
  }
  const lost = taken.filter((one) => one.state === 'unknown')
  if (lost.length === 0) return
  const runs = new Map((await findRuns(db, [...new Set(lost.map((one) => one.runId))])).map((run) => [run.id, run]))
  for (const [party, own] of Map.groupBy(lost, ({ runId }) => messagesOf(runs.get(runId)?.spec)))
    await seekLost(needs, client, party, own)
}

async function seekLost(needs: RunNeeds, client: Client, party: MessageParty, lost: readonly Task[]): Promise<void> {
  const { db, clock, log } = needs
  try {
    const { found, waiting } = await findSends(needs, client, party, lost, needs.clock.now())
    await settleFound(needs, found)
    const known = new Set([...found.map(({ task }) => taskKey(task)), ...waiting])
    await letGo(
      db,
      lost.filter((task) => waiting.has(taskKey(task))),
      new Date(clock.now().getTime() + dispatchMs),
    )
    await settleMissing(
      needs,
      lost.filter((task) => !known.has(taskKey(task))),
    )
  } catch (error) {
    log.warn({ err: error, tasks: lost.length }, 'lost tasks could not be looked for; tried again')
    await letGo(db, lost, new Date(clock.now().getTime() + againMs))
  }
}

/**
 * Which sends of the platform, made up to then, are these tasks', and of which tasks nothing can be said yet. Of each task the
 * first is found, and whatever else carries its link is taken back.
 */
export async function findSends(
  { db, clock, platform }: RunNeeds,
  client: Client,
  party: MessageParty,
  lost: readonly Task[],
  until: Date,
): Promise<{ readonly found: readonly Found[]; readonly waiting: ReadonlySet<string> }> {
  const prints = await printsOf(
    db,
    lost.map((task) => task.effect ?? ''),
  )
  const asked: Lost[] = lost.map((task) => ({
    ...{ key: taskKey(task), askedAt: task.askedAt ?? clock.now() },
    print: prints.get(task.effect ?? '') ?? { links: [], text: '' },
  }))
  const of = new Map(lost.map((task) => [taskKey(task), task]))
  const from = Math.min(...asked.map((one) => one.askedAt.getTime())) - beforeMs
  const corpId = lost[0]?.corpId ?? 0
  const { value } = await platform.limits(corpId)
  const [pages, results] = [value('broadcast.list_page_max'), value('broadcast.result_page_max')]
  const listed = await strangers(db, client, { corpId, party }, { from, until: until.getTime(), limit: pages })
  const { sure, extra, maybe } = match(listed, asked)
  for (const msgid of extra) await takeBack(client, msgid)
  const found: Found[] = []
  const waiting = new Set<string>()
  for (const [key, msgid] of sure) {
    const task = of.get(key)
    if (task === undefined) continue
    const members = await membersOf(client, msgid)
    if (members === undefined) waiting.add(key)
    else
      found.push({ task, msgid, listed: await listedOf(client, party, { msgid, userid: task.sender, limit: results }) })
  }
  const open = new Map([...of].filter(([key]) => !sure.has(key)))
  for (const msgid of maybe) {
    const members = await membersOf(client, msgid)
    const candidates = [...open.values()].filter(
      (task) => members === undefined || members.some((one) => one.toLowerCase() === task.sender.toLowerCase()),
    )
    // while it is being handed out nobody can say whose it is: nothing is concluded of whom it may be
    if (members === undefined) for (const task of candidates) waiting.add(taskKey(task))
    else
      for (const task of candidates) {
        const ids = await listedOf(client, party, { msgid, userid: task.sender, limit: results })
        // of groups nothing is told before they are sent: the owner and the words must do
        if (party.tellsAll) {
          const people = (await party.idsOf(db, task.runId, [task.number])).get(task.number) ?? []
          if (ids === undefined || !people.some((id) => ids.has(id))) continue
        }
        found.push({ task, msgid, listed: ids })
        open.delete(taskKey(task))
        break
      }
  }
  return { found, waiting }
}

/** Sends of the corp since then that are no task of ours as far as we know. */
async function strangers(
  db: RunNeeds['db'],
  client: Client,
  { corpId, party }: { readonly corpId: number; readonly party: MessageParty },
  { from, until, limit }: { readonly from: number; readonly until: number; readonly limit: number },
): Promise<readonly Listed[]> {
  const found: Listed[] = []
  let cursor: string | undefined
  do {
    const page = await client.broadcasts.list({
      ...{ chat_type: party.chatType, filter_type: 0, limit },
      ...{ start_time: Math.floor(from / 1_000), end_time: Math.ceil(until / 1_000) + 1 },
      ...(cursor === undefined ? {} : { cursor }),
    })
    const known = await knownMsgids(
      db,
      corpId,
      page.group_msg_list.map((one) => one.msgid),
    )
    for (const { msgid, create_time, text, attachments } of page.group_msg_list) {
      if (known.has(msgid)) continue
      const addresses = attachments.flatMap((one) => (one.msgtype === 'link' ? [one.link.url] : []))
      found.push({ msgid, madeAt: new Date(Number(create_time) * 1_000), text: text?.content ?? '', addresses })
    }
    cursor = page.next_cursor === '' ? undefined : page.next_cursor
  } while (cursor !== undefined)
  return found
}

/** Who is asked to confirm a send; undefined: it is still being handed out. */
async function membersOf(client: Client, msgid: string): Promise<readonly string[] | undefined> {
  try {
    return (await client.broadcasts.tasks({ msgid })).task_list.map((one) => one.userid)
  } catch (error) {
    if (errcodeOf(error) === stillDispatching) return undefined
    throw error
  }
}

/** Whom a member is to send it to, of which the lost answer would have said who is not among them; of groups nothing is told. */
async function listedOf(
  client: Client,
  party: MessageParty,
  of: Parameters<typeof readAll>[1],
): Promise<ReadonlySet<string> | undefined> {
  if (!party.tellsAll) return undefined
  const ids = new Set((await readAll(client, of)).map(({ id }) => id))
  return ids.size === 0 ? undefined : ids
}

async function settleFound(needs: RunNeeds, found: readonly Found[]): Promise<void> {
  const { db, clock, effects, platform } = needs
  for (const [runId, list] of Map.groupBy(found, ({ task }) => task.runId)) {
    const now = clock.now()
    await db.transaction().execute(async (tx) => {
      const run = await holdRun(tx, runId)
      if (run === undefined) return
      const { value } = await platform.limits(run.corpId)
      const limit = { most: value('broadcast.reminds'), windowMs: value('broadcast.remind_window_s') * 1_000 }
      await effects.settle(
        tx,
        list.map(({ task, msgid }) => ({
          ...{ key: task.effect ?? '', state: 'done' as const, detail: { msgid, found: true } },
        })),
        now,
      )
      await changeTasks(
        tx,
        list.map(({ task, msgid }) => {
          const expiresAt = expiryOf(task, run.spec, task.askedAt ?? now)
          const askedAt = task.askedAt ?? now
          return {
            ...{ runId, number: task.number, from: 'unknown' as const, state: 'asked' as const, msgid, expiresAt },
            remindAt: nextReminder({ askedAt, expiresAt, reminded: task.reminded }, run.spec.reminders, limit),
            nextAt: now,
          }
        }),
      )
      await messagesOf(run.spec).noteAsked(
        tx,
        list.map(({ task }) => task),
      )
      await offerUnlisted(needs, tx, run, list)
    })
  }
}

/** Whom the platform left out of what was found is offered to others, as the lost answer would have said. The run is held. */
export async function offerUnlisted(needs: RunNeeds, tx: Tx, run: Run, found: readonly Found[]): Promise<void> {
  const party = messagesOf(run.spec)
  for (const { task, listed } of found) {
    if (listed === undefined) continue
    const ids = (await party.idsOf(tx, task.runId, [task.number])).get(task.number) ?? []
    const missing = ids.filter((id) => !listed.has(id))
    if (missing.length > 0) await party.notGiven(needs, tx, run, [{ task, externalIds: missing }])
  }
}

async function settleMissing(needs: RunNeeds, missing: readonly Task[]): Promise<void> {
  const { db, clock, effects } = needs
  const now = clock.now()
  const age = (task: Task) => now.getTime() - (task.askedAt ?? now).getTime()
  const gone = missing.filter((task) => age(task) >= neverMadeMs && task.sought + 1 >= looks)
  const again = missing.filter((task) => !gone.includes(task))
  await changeTasks(
    db,
    again.map((task) => ({
      ...{ runId: task.runId, number: task.number, from: 'unknown' as const, state: 'unknown' as const },
      ...{
        sought: task.sought + 1,
        nextAt: new Date(now.getTime() + Math.min(againMs + task.sought * againMs, dayMs)),
      },
    })),
  )
  await expectLate(db, gone, now)
  await effects.settle(
    db,
    gone.map((task) => ({ key: task.effect ?? '', state: 'refused' as const, detail: { reason: neverMade } })),
    now,
  )
  const back = gone.filter((task) => task.ending !== null)
  await planAnew(
    db,
    gone.filter((task) => task.ending === null).map((task) => ({ ...task, nextAt: now })),
  )
  const runs = await findRuns(db, [...new Set(back.map((one) => one.runId))])
  await takenBackTasks(needs, new Map(runs.map((run) => [run.id, run])), back)
}
