import { type Client, UnknownOutcomeError, WecomError } from '@nuanyu/wecom'
import { appendEvents } from '../../infra/events/events.store.ts'
import type { Services } from '../../infra/services.ts'
import { passes, passingTags, refreshCards } from '../customers/index.ts'
import { dropCalls, noteCalled, setCallsAside, type TakenCall } from './tag-marks.store.ts'

type Needs = Pick<Services, 'db' | 'clock' | 'log' | 'effects'>

/** The platform refuses two changes of one relation at a time (45035): each relation is one call, so relations may go side by side. */
const atOnce = 12
/** There is no such relation any more: the reconcile will learn it. */
const nobody = new Set([84061, 40096, 40003, 60111])
const mostAttempts = 8

type Outcome =
  | { readonly kind: 'done' | 'gone'; readonly call: TakenCall }
  | { readonly kind: 'aside'; readonly call: TakenCall; readonly error: unknown }

/** What came of a call; later: it is to be made again. */
export interface Called {
  readonly call: TakenCall
  readonly came: 'done' | 'gone' | 'refused' | 'later'
  readonly errcode?: number | undefined
}

export interface CallCounts {
  readonly done: number
  readonly refused: number
  readonly later: number
  readonly called: readonly Called[]
}

/**
 * Tells the platform what changes on these relations, one call each, claimed before and settled after. A call says how a
 * relation is to stand, so one whose answer was lost is simply said again: the platform itself makes it once.
 */
export async function makeCalls(
  needs: Needs,
  client: Client,
  calls: readonly TakenCall[],
  priority: 'normal' | 'bulk',
): Promise<CallCounts> {
  if (calls.length === 0) return { done: 0, refused: 0, later: 0, called: [] }
  const { db, clock, effects } = needs
  await effects.claim(
    db,
    calls.map((call) => ({
      ...{ key: keyOf(call), corpId: call.corpId, kind: 'tags.mark', subject: call.externalUserid },
      detail: { userid: call.userid, add: call.add, remove: call.remove },
    })),
    clock.now(),
  )
  const waiting = [...calls]
  const outcomes: Outcome[] = []
  const work = async () => {
    for (let call = waiting.shift(); call !== undefined; call = waiting.shift())
      outcomes.push(await make(client, call, priority))
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, calls.length) }, work))
  return settle(needs, outcomes)
}

const keyOf = (call: TakenCall) => `tags.mark:${call.corpId}:${call.id}.${call.revision}`

async function make(client: Client, call: TakenCall, priority: 'normal' | 'bulk'): Promise<Outcome> {
  try {
    await client.tags.mark(
      {
        ...{ userid: call.userid, external_userid: call.externalUserid },
        ...(call.add.length === 0 ? {} : { add_tag: [...call.add] }),
        ...(call.remove.length === 0 ? {} : { remove_tag: [...call.remove] }),
      },
      { priority },
    )
    return { kind: 'done', call }
  } catch (error) {
    if (error instanceof WecomError && nobody.has(error.errcode)) return { kind: 'gone', call }
    return { kind: 'aside', call, error }
  }
}

async function settle({ db, clock, effects, log }: Needs, outcomes: readonly Outcome[]): Promise<CallCounts> {
  const at = clock.now()
  const done = outcomes.filter(({ kind }) => kind === 'done').map(({ call }) => call)
  const aside = outcomes.flatMap((one) => {
    if (one.kind !== 'aside') return []
    const { call, error } = one
    const lost = error instanceof UnknownOutcomeError
    const refused = !lost && !passes(error) && (error instanceof WecomError || call.attempts + 1 >= mostAttempts)
    if (!refused && !lost && !passes(error))
      log.warn({ err: error, call: keyOf(call) }, 'tags could not be changed; tried again')
    const errcode = error instanceof WecomError ? error.errcode : undefined
    const reason = error instanceof Error ? error.message : String(error)
    // machine time
    const nextAt = new Date(Date.now() + Math.min(2_000 * 2 ** call.attempts, 600_000))
    return [{ call, reason, refused, lost, errcode, nextAt }]
  })
  await db.transaction().execute(async (tx) => {
    await effects.settle(
      tx,
      [
        ...outcomes
          .filter(({ kind }) => kind !== 'aside')
          .map(({ kind, call }) => ({
            key: keyOf(call),
            state: kind === 'done' ? ('done' as const) : ('refused' as const),
          })),
        ...aside.map(({ call, errcode, refused, reason }) => ({
          ...{ key: keyOf(call), state: refused ? ('refused' as const) : ('unknown' as const), detail: { reason } },
          ...(errcode === undefined ? {} : { errcode }),
        })),
      ],
      at,
    )
    for (const [corpId, list] of Map.groupBy(done, (call) => call.corpId)) {
      const told = withoutPassing(list, await passingTags(tx, corpId))
      await noteCalled(tx, corpId, told, at)
      await refreshCards(
        tx,
        told.map((call) => call.customerId),
      )
      await appendEvents(
        tx,
        told.filter((call) => call.add.length > 0).map((call) => eventOf(call, at)),
        at,
      )
    }
    await dropCalls(
      tx,
      outcomes.filter(({ kind }) => kind !== 'aside').map(({ call }) => call),
    )
    await setCallsAside(tx, aside)
  })
  const refused = aside.filter((one) => one.refused).length
  const called: readonly Called[] = [
    ...outcomes.flatMap(({ kind, call }) => (kind === 'aside' ? [] : [{ call, came: kind }])),
    ...aside.map(({ call, errcode, refused }) => ({
      call,
      errcode,
      came: refused ? ('refused' as const) : ('later' as const),
    })),
  ]
  return { done: done.length, refused, later: aside.length - refused, called }
}

/** The tag of a run is none of the customer's: nothing of it is told. */
function withoutPassing(calls: readonly TakenCall[], passing: ReadonlySet<string>): readonly TakenCall[] {
  if (passing.size === 0) return calls
  const rest = (ids: readonly string[]) => ids.filter((id) => !passing.has(id))
  return calls
    .map((call) => ({ ...call, add: rest(call.add), remove: rest(call.remove) }))
    .filter((call) => call.add.length + call.remove.length > 0)
}

function eventOf(call: TakenCall, at: Date) {
  return {
    ...{ kind: 'customer.tagged' as const, corpId: call.corpId, customerId: call.customerId, staffUserid: call.userid },
    ...{ occurredAt: at, cause: `effect:${keyOf(call)}` },
    payload: { tagIds: call.add, removed: call.remove, by: 'tags' },
  }
}
