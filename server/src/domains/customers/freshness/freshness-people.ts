import { type Client, WecomError } from '@nuanyu/wecom'
import type { Services } from '../../../infra/services.ts'
import { mapStaffToStores, presenceChanged } from '../../organisation/index.ts'
import { pinyinOf } from '../cards/name-pinyin.ts'
import { passes } from '../sync/patience.ts'
import { memberGone, saveDepartments, saveMembers } from '../sync/staff.store.ts'
import { saveCorpTags } from '../sync/tags.store.ts'
import { readCorpTags } from '../sync/tags-read.ts'
import { finishTodos, postponeTodos, type TakenTodo } from './todos.store.ts'

type Needs = Pick<Services, 'db' | 'clock' | 'log'>

/** No such member, or none that the app may see. */
const notVisible = new Set([40003, 60111, 60011, 60123])

/** Reads what callbacks said has changed of members, departments and the corp's tags; each list at most once a round. */
export async function readPeople(needs: Needs, client: Client, todos: readonly TakenTodo[]): Promise<void> {
  const of = (kind: TakenTodo['kind']) => todos.filter((todo) => todo.kind === kind)
  await once(needs, of('departments'), async (corpId) => {
    const { department } = await client.contacts.listDepartments({})
    await saveDepartments(needs.db, corpId, department, needs.clock.now(), true)
    await mapStaffToStores(needs.db, corpId)
  })
  await once(needs, of('corp_tags'), async (corpId) => {
    await saveCorpTags(needs.db, corpId, await readCorpTags(client), needs.clock.now())
  })
  await once(needs, of('staff'), async (corpId) => {
    const { follow_user } = await client.customers.listFollowUsers({})
    const follows = new Set<string>(follow_user)
    const changed = of('staff').map((todo) => todo.userid)
    for (const userid of changed) await readMember(needs, client, corpId, userid, follows)
    await mapStaffToStores(needs.db, corpId, changed)
  })
}

async function once(needs: Needs, todos: readonly TakenTodo[], read: (corpId: number) => Promise<void>): Promise<void> {
  const [first] = todos
  if (first === undefined) return
  try {
    await read(first.corpId)
    await finishTodos(needs.db, todos)
  } catch (error) {
    needs.log.warn({ err: error, kind: first.kind }, 'what changed could not be read yet')
    const reason = error instanceof Error ? error.message : String(error)
    await postponeTodos(needs.db, todos, reason, new Date(), !passes(error))
  }
}

async function readMember(
  { db, clock }: Needs,
  client: Client,
  corpId: number,
  userid: string,
  follows: ReadonlySet<string>,
): Promise<void> {
  try {
    const member = await client.contacts.getUser({ userid })
    const pinyin = await pinyinOf([member.name ?? ''])
    await saveMembers(
      db,
      corpId,
      [{ member, pinyin: pinyin(member.name ?? ''), follows: follows.has(userid) }],
      clock.now(),
    )
    // disabled, enabled, or with customer contact no more
    await presenceChanged(db, corpId, [userid], clock.now())
  } catch (error) {
    if (!(error instanceof WecomError) || !notVisible.has(error.errcode)) throw error
    await memberGone(db, corpId, [userid], clock.now())
  }
}
