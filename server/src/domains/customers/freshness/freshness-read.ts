import { type Client, WecomError } from '@nuanyu/wecom'
import { transactionAgain } from '../../../infra/db/again.ts'
import type { Services } from '../../../infra/services.ts'
import { applySeen, writeSeenCards } from '../seen/seen.store.ts'
import { type SeenRelation, seenOf } from '../seen/seen.ts'
import { passes } from '../sync/patience.ts'
import { membersACall } from '../sync/sync.ts'
import { readsPages } from './freshness.ts'
import { customersOf, finishTodos, postponeTodos, type TakenTodo } from './todos.store.ts'

type Needs = Pick<Services, 'db' | 'vault' | 'clock' | 'log'>

const readersAtOnce = 4
/** The member may not see him, nobody follows him, or he is half added: there is nothing to read. */
const nothingThere = new Set([40096, 84061, 40003, 60111, 60011, 84074])

/** Reads the details that are wanted, per member by the fewer calls, and writes them together. */
export async function readDetails(needs: Needs, client: Client, todos: readonly TakenTodo[]): Promise<void> {
  const { db } = needs
  const [first] = todos
  if (first === undefined) return
  const { corpId } = first
  const byMember = Map.groupBy(todos, (todo) => todo.userid)
  const sizes = await customersOf(db, corpId, [...byMember.keys()])
  const done: TakenTodo[] = []
  const seen: SeenRelation[] = []
  const work: (() => Promise<void>)[] = []
  const attempt = (part: readonly TakenTodo[], read: () => Promise<readonly SeenRelation[]>) => async () => {
    try {
      seen.push(...(await read()))
      done.push(...part)
    } catch (error) {
      await setAside(needs, part, error, done)
    }
  }
  for (const [userid, wanted] of byMember) {
    if (readsPages(wanted.length, sizes.get(userid) ?? 0, membersACall)) {
      work.push(attempt(wanted, () => pagesOf(needs, client, userid)))
      continue
    }
    for (const todo of wanted) work.push(attempt([todo], () => singleOf(needs, client, todo.externalUserid)))
  }
  await Promise.all(Array.from({ length: readersAtOnce }, () => drain(work)))
  const at = needs.clock.now()
  await transactionAgain(db, async (tx) => {
    const { cards } = await applySeen(tx, seen, {
      corpId,
      vault: needs.vault,
      at,
      cause: 'detail',
      // relations that nobody told of are left to the reconcile
      baseline: new Date(0),
      youngAfter: new Date(0),
      findMissed: false,
    })
    await writeSeenCards(tx, corpId, cards, needs.vault)
    await finishTodos(tx, done)
  })
}

async function drain(work: (() => Promise<void>)[]): Promise<void> {
  for (let next = work.shift(); next !== undefined; next = work.shift()) await next()
}

async function setAside(
  { db, log }: Needs,
  part: readonly TakenTodo[],
  error: unknown,
  done: TakenTodo[],
): Promise<void> {
  if (error instanceof WecomError && nothingThere.has(error.errcode)) {
    done.push(...part)
    return
  }
  if (!passes(error)) log.warn({ err: error, wanted: part.length }, 'details of customers could not be read')
  const reason = error instanceof Error ? error.message : String(error)
  await postponeTodos(db, part, reason, new Date(), !passes(error))
}

async function singleOf({ clock }: Needs, client: Client, externalUserid: string): Promise<SeenRelation[]> {
  const seen: SeenRelation[] = []
  let cursor = ''
  do {
    const readAt = clock.now()
    const page = await client.customers.get({ external_userid: externalUserid, cursor }, { priority: 'bulk' })
    for (const follow of page.follow_user) {
      seen.push(
        seenOf(
          page.external_contact,
          {
            ...follow,
            tagIds: follow.tags.flatMap((tag) => (tag.tag_id === undefined ? [] : [tag.tag_id])),
            personalTags: follow.tags.flatMap((tag) => (tag.tag_id === undefined ? [tag.tag_name] : [])),
          },
          readAt,
        ),
      )
    }
    cursor = page.next_cursor
  } while (cursor !== '')
  return seen
}

async function pagesOf({ clock }: Needs, client: Client, userid: string): Promise<SeenRelation[]> {
  const seen: SeenRelation[] = []
  let cursor = ''
  do {
    const readAt = clock.now()
    const page = await client.customers.batchGetByUser(
      { userid_list: [userid], cursor, limit: 100 },
      { priority: 'bulk' },
    )
    for (const { external_contact, follow_info } of page.external_contact_list)
      seen.push(seenOf(external_contact, { ...follow_info, tagIds: follow_info.tag_id }, readAt))
    cursor = page.next_cursor
  } while (cursor !== '')
  return seen
}

/** Whether the relation has these tags, remark and description already; undefined: it is not there. */
export async function standsAt(
  needs: Needs,
  client: Client,
  todo: Pick<TakenTodo, 'userid' | 'externalUserid'>,
): Promise<SeenRelation | undefined> {
  try {
    return (await singleOf(needs, client, todo.externalUserid)).find((one) => one.userid === todo.userid)
  } catch (error) {
    if (error instanceof WecomError && nothingThere.has(error.errcode)) return undefined
    throw error
  }
}
