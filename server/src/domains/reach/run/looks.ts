import { type Client, UnknownOutcomeError, WecomError } from '@nuanyu/wecom'
import { passes } from '../../customers/index.ts'
import { errcodeOf, noSuchSend, remindedTooOften, senderCodes, stillDispatching, takenBackAlready } from './answers.ts'
import type { Task } from './task.ts'

/** What was read of one recipient. */
export interface ReadStatus {
  /** By what id the platform knows it: an external_userid, or a chat_id. */
  readonly id: string
  readonly status: number
  readonly sentAt: Date | null
}

export interface ReadResults {
  readonly statuses: readonly ReadStatus[]
  /** Where the next round goes on; undefined: this was the end. */
  readonly next: string | undefined
}

/** What the platform said of one task in one round. */
export type Seen =
  /** It is being handed out, or the platform is busy: nothing was learnt. */
  | { readonly kind: 'later' }
  | { readonly kind: 'gone'; readonly why: string }
  | { readonly kind: 'open'; readonly reminded: boolean }
  | { readonly kind: 'confirmed'; readonly at: Date; readonly results: ReadResults | undefined }
  | { readonly kind: 'taken_back' }

/** A round makes at most so many calls for one sender; a task of many people is read over several rounds. */
export const callsARound = 3

/**
 * Asks the platform about one task, at most three calls: has the member confirmed; if he has, what became of his people; if
 * not, is it taken back, or is he reminded. What is taken back is asked about once more afterwards: he may have confirmed in
 * that very second. `reminding` is called before he is, so that a process that dies at it reminds nobody twice.
 */
export async function look(
  client: Client,
  task: Task,
  { now, pageSize, reminding }: { readonly now: Date; readonly pageSize: number; reminding(): Promise<void> },
): Promise<Seen> {
  const msgid = task.msgid
  if (msgid === null) return { kind: 'gone', why: 'it has no id at the platform' }
  try {
    if (task.state === 'confirmed' && task.confirmedAt !== null)
      return {
        kind: 'confirmed',
        at: task.confirmedAt,
        results: await read(client, task, msgid, callsARound, pageSize),
      }
    if (task.ending !== null) {
      await takeBack(client, msgid)
      const at = await confirmedAt(client, task, msgid, now)
      return at === undefined ? { kind: 'taken_back' } : { kind: 'confirmed', at, results: undefined }
    }
    const at = await confirmedAt(client, task, msgid, now)
    if (at !== undefined)
      return { kind: 'confirmed', at, results: await read(client, task, msgid, callsARound - 1, pageSize) }
    const due = task.remindAt !== null && task.remindAt <= now
    if (due) {
      await reminding()
      await remind(client, msgid)
    }
    return { kind: 'open', reminded: due }
  } catch (error) {
    const errcode = errcodeOf(error)
    if (errcode === noSuchSend || (errcode !== undefined && senderCodes.has(errcode)))
      return { kind: 'gone', why: error instanceof Error ? error.message : String(error) }
    if (errcode === stillDispatching || passes(error) || !(error instanceof WecomError)) return { kind: 'later' }
    throw error
  }
}

/** When its member confirmed; undefined: he has not. */
export async function confirmedAt(
  client: Client,
  task: Pick<Task, 'sender'>,
  msgid: string,
  now: Date,
): Promise<Date | undefined> {
  const { task_list } = await client.broadcasts.tasks({ msgid: msgid })
  const his = task_list.find((one) => one.userid.toLowerCase() === task.sender.toLowerCase())
  if (his === undefined || his.status !== 2) return undefined
  return his.send_time === undefined ? now : new Date(his.send_time * 1_000)
}

async function read(client: Client, task: Task, msgid: string, calls: number, limit: number): Promise<ReadResults> {
  const statuses: ReadStatus[] = []
  let cursor = task.resultsCursor ?? undefined
  for (let made = 0; made < calls; made += 1) {
    const page = await readPage(client, { msgid, userid: task.sender, limit }, cursor)
    statuses.push(...page.statuses)
    if (page.next === undefined) return { statuses, next: undefined }
    cursor = page.next
  }
  return { statuses, next: cursor }
}

/** Of which send, and of which member. */
interface OfOne {
  readonly msgid: string
  readonly userid: string
  readonly limit: number
}

async function readPage(client: Client, of: OfOne, cursor: string | undefined): Promise<ReadResults> {
  const { send_list, next_cursor } = await client.broadcasts.results({
    ...of,
    ...(cursor === undefined ? {} : { cursor }),
  })
  const statuses = send_list.flatMap(({ external_userid, chat_id, status, send_time }): readonly ReadStatus[] => {
    const id = external_userid ?? chat_id
    const sentAt = send_time === undefined ? null : new Date(send_time * 1_000)
    return id === undefined ? [] : [{ id, status, sentAt }]
  })
  return { statuses, next: next_cursor || undefined }
}

/** All that is told of one member's part of a send, in as many calls as it takes. */
export async function readAll(client: Client, of: OfOne): Promise<readonly ReadStatus[]> {
  const statuses: ReadStatus[] = []
  let cursor: string | undefined
  do {
    const page = await readPage(client, of, cursor)
    statuses.push(...page.statuses)
    cursor = page.next
  } while (cursor !== undefined)
  return statuses
}

/** Said twice it answers 41093, which is as good. */
export async function takeBack(client: Client, msgid: string): Promise<void> {
  try {
    await client.broadcasts.cancel({ msgid: msgid })
  } catch (error) {
    if (errcodeOf(error) !== takenBackAlready) throw error
  }
}

/** A reminder whose answer is lost counts as made: one too few is better than one too many. */
async function remind(client: Client, msgid: string): Promise<void> {
  try {
    await client.broadcasts.remind({ msgid: msgid })
  } catch (error) {
    if (errcodeOf(error) !== remindedTooOften && !(error instanceof UnknownOutcomeError)) throw error
  }
}
