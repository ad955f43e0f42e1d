import { type Client, UnknownOutcomeError, WecomError } from '@nuanyu/wecom'
import { z } from 'zod'
import { appendEvents } from '../../../infra/events/events.store.ts'
import type { Services } from '../../../infra/services.ts'
import { factKey } from '../../intake/index.ts'
import { passes } from '../sync/patience.ts'
import { presentTagIds } from '../sync/tags.store.ts'
import { remarkFor } from './freshness.ts'
import { standsAt } from './freshness-read.ts'
import { notePutOn, type PutOnDetail } from './put-on.store.ts'
import { effectState, finishTodos, namesOf, postponeTodos, type TakenTodo } from './todos.store.ts'

type Needs = Pick<Services, 'db' | 'vault' | 'clock' | 'log' | 'effects'>

const tagsWish = z.object({ channelId: z.string(), tagIds: z.array(z.string()), addedAt: z.string() })
const remarkWish = z.object({
  channelId: z.string(),
  remark: z.string(),
  description: z.string(),
  addedAt: z.string(),
})

/** One change to one relation at the platform. */
interface PutOn {
  readonly key: string
  readonly kind: 'tags.mark' | 'customers.remark'
  readonly channelId: string
  readonly detail: PutOnDetail
  call(): Promise<unknown>
  /** Whether the platform shows it done. */
  isDone(): Promise<boolean>
}

/**
 * Puts the channel's tags, remark and description on, one relation after the other: the platform refuses two changes of
 * one relation at a time (45035). Claimed before, settled after; an unknown outcome is read, never just repeated.
 */
export async function putOn(
  needs: Needs,
  client: Client,
  todos: readonly TakenTodo[],
  remarkChars: number,
): Promise<void> {
  const names = await namesOf(
    needs.db,
    todos.flatMap((todo) => (todo.customerId === undefined ? [] : [Number(todo.customerId)])),
  )
  for (const todo of todos) {
    const name = names.get(Number(todo.customerId)) ?? null
    const change =
      todo.kind === 'tags'
        ? await tagsChange(needs, client, todo)
        : remarkChange(needs, client, todo, name, remarkChars)
    if (change === undefined) await postponeTodos(needs.db, [todo], 'the name is not known yet', new Date(), true)
    else await make(needs, todo, change)
  }
}

async function make(needs: Needs, todo: TakenTodo, change: PutOn): Promise<void> {
  const { db, effects, clock, log } = needs
  const won = await effects.claim(
    db,
    [{ key: change.key, corpId: todo.corpId, kind: change.kind, subject: todo.externalUserid, detail: change.detail }],
    clock.now(),
  )
  try {
    if (!won.has(change.key)) {
      const state = await effectState(db, change.key)
      if (state !== 'claimed' && state !== 'unknown') return await finishTodos(db, [todo])
      // begun once, by a process that died or without an answer: what the platform shows decides
      if (await change.isDone()) return await settle(needs, todo, change, 'done')
    }
    await change.call()
    await settle(needs, todo, change, 'done')
  } catch (error) {
    if (error instanceof UnknownOutcomeError) {
      await effects.settle(db, [{ key: change.key, state: 'unknown', detail: { reason: error.message } }], clock.now())
      await postponeTodos(db, [todo], error.message, new Date(), false)
    } else if (error instanceof WecomError && !passes(error)) {
      await settle(needs, todo, change, 'refused', error)
    } else {
      log.warn({ err: error, effect: change.key }, 'a change to a relation did not go through; it is tried again')
      await postponeTodos(
        db,
        [todo],
        error instanceof Error ? error.message : String(error),
        new Date(),
        !passes(error),
      )
    }
  }
}

async function settle(
  { db, effects, clock }: Needs,
  todo: TakenTodo,
  change: PutOn,
  state: 'done' | 'refused',
  error?: WecomError,
): Promise<void> {
  const at = clock.now()
  await db.transaction().execute(async (tx) => {
    await effects.settle(
      tx,
      [{ key: change.key, state, errcode: error?.errcode, detail: { reason: error?.meaning ?? null } }],
      at,
    )
    if (state === 'done' && todo.customerId !== undefined) {
      await notePutOn(tx, todo, change.detail, at)
      await appendEvents(
        tx,
        [
          {
            kind: change.kind === 'tags.mark' ? 'customer.tagged' : 'customer.remarked',
            corpId: todo.corpId,
            customerId: Number(todo.customerId),
            staffUserid: todo.userid,
            occurredAt: at,
            cause: `effect:${change.key}`,
            payload: { externalUserid: todo.externalUserid, ...change.detail },
            dedupeKey: factKey(todo.corpId, [change.key]),
          },
        ],
        at,
      )
    }
    await finishTodos(tx, [todo])
  })
}

async function tagsChange(needs: Needs, client: Client, todo: TakenTodo): Promise<PutOn> {
  const asked = tagsWish.parse(todo.detail)
  const wish = { ...asked, tagIds: [...(await presentTagIds(needs.db, todo.corpId, asked.tagIds))] }
  return {
    key: `tags.mark:${todo.corpId}:${todo.userid}:${todo.externalUserid}:${wish.addedAt}`,
    kind: 'tags.mark',
    channelId: wish.channelId,
    detail: { channelId: wish.channelId, tagIds: wish.tagIds },
    call: () =>
      client.tags.mark(
        { userid: todo.userid, external_userid: todo.externalUserid, add_tag: wish.tagIds },
        { priority: 'normal' },
      ),
    isDone: async () => {
      const stands = await standsAt(needs, client, todo)
      return stands !== undefined && wish.tagIds.every((id) => stands.tagIds.includes(id))
    },
  }
}

function remarkChange(
  needs: Needs,
  client: Client,
  todo: TakenTodo,
  name: string | null,
  remarkChars: number,
): PutOn | undefined {
  const wish = remarkWish.parse(todo.detail)
  const remark = remarkFor(wish.remark, name, remarkChars)
  if (remark === undefined) return undefined
  const put = {
    ...(remark === '' ? {} : { remark }),
    ...(wish.description === '' ? {} : { description: wish.description }),
  }
  return {
    key: `customers.remark:${todo.corpId}:${todo.userid}:${todo.externalUserid}:${wish.addedAt}`,
    kind: 'customers.remark',
    channelId: wish.channelId,
    detail: { channelId: wish.channelId, ...put },
    call: () =>
      client.customers.remark(
        { userid: todo.userid, external_userid: todo.externalUserid, ...put },
        { priority: 'normal' },
      ),
    isDone: async () => {
      const stands = await standsAt(needs, client, todo)
      return (
        stands !== undefined &&
        (remark === '' || stands.remark === remark) &&
        (wish.description === '' || stands.description === wish.description)
      )
    },
  }
}
