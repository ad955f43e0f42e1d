import { AgentId, type Client, UserId, WecomError } from '@nuanyu/wecom'
import { v7 as uuid } from 'uuid'
import type { Tx } from '../../../infra/db/database.ts'
import { createRounds, type Rounds } from '../../../infra/rounds.ts'
import type { Services } from '../../../infra/services.ts'
import { tellUntold } from './app-message.alarms.ts'
import {
  adoptSends,
  corpsWaiting,
  type Desk,
  type NewSend,
  type OwnTemplate,
  ownTemplates,
  repetitionBytes,
  type Send,
  type SendOutcome,
  setDesks,
  settleSends,
  speakingAgent,
  takeDesks,
  unsettledSends,
  type WaitingMessage,
  writeSends,
} from './app-messages.store.ts'
import { type MessageCard, messageCard } from './card.ts'
import { followPaidOrders } from './order-messages.jobs.ts'
import { nextMove, type Pace, paceOf } from './pacing.ts'
import { digest, filled, isMessageKind, kindOf, within } from './words.ts'

type Needs = Pick<Services, 'db' | 'clock' | 'log' | 'platform' | 'processId'>

const everyMs = 1_000
const desksAtOnce = 200
/** Of one member in one go; the rest has its turn after. */
const linesMost = 400
const callsAtOnce = 12
/** A corp whose platform could not be asked is left alone for so long. Machine time. */
const restMs = 15_000
/** The card of this task stands already: the answer to the first call was lost. */
const cardExists = 42014
/** The app has no callback address, so it can take no taps. */
const noCallback = 43012
/** What is wrong with this message or its member, and would be so again. */
const forGood = new Set([40003, 40008, 40032, 40058, 44004, 45002, 60011, 60111, 81013, 82001])

/**
 * Tells members of staff what waits for them. What is about to be said is written down first, and said word by word again
 * after a lost answer: the platform knows the same message to the same member for `message.duplicate_interval_max_s` and
 * tells it once (90236). When that is over nobody can know, and it stays visible as such.
 */
export function createAppMessages(needs: Needs): Rounds<number> {
  const { db, clock, log, platform, processId } = needs
  const resting = new Map<number, number>()
  const ready = async (corpId: number): Promise<Voice | undefined> => {
    const client = await platform.forCorp(corpId)
    const agentid = await speakingAgent(db, corpId)
    if (client === undefined || agentid === null) return undefined
    const memoryS = (await platform.limits(corpId)).value('message.duplicate_interval_max_s')
    return { client, agentid: AgentId.parse(agentid), memoryS }
  }
  const tell = async (corpId: number, sends: readonly Send[]): Promise<number> => {
    const voice = await ready(corpId)
    if (voice === undefined) return 0
    let told = 0
    const waiting = [...sends]
    const work = async () => {
      for (let one = waiting.shift(); one !== undefined && !resting.has(corpId); one = waiting.shift()) {
        const outcome = await say(voice, one, clock.now())
        if (outcome instanceof Error) {
          resting.set(corpId, performance.now() + restMs)
          log.warn({ err: outcome, corpId }, 'messages to staff wait until the platform can be asked again')
          continue
        }
        await db.transaction().execute(async (tx) => {
          await settleSends(tx, [outcome], clock.now())
          await tellUntold(tx, one, outcome, clock.now())
        })
        told += 1
        if (outcome.state !== 'sent') log.warn({ outcome, userid: one.userid }, 'a member was not told')
      }
    }
    await Promise.all(Array.from({ length: Math.min(callsAtOnce, sends.length) }, work))
    return told
  }
  const pass = async (): Promise<number> => {
    await followPaidOrders(needs, () => rounds.isStopped())
    for (const [corpId, until] of resting) if (until <= performance.now()) resting.delete(corpId)
    await db.transaction().execute((tx) => adoptSends(tx, processId))
    const left = await unsettledSends(db, processId, [...resting.keys()])
    // nothing new is begun for a brand whose app cannot speak: it waits on the desks
    const able: number[] = []
    for (const corpId of await corpsWaiting(db, clock.now()))
      if (!resting.has(corpId) && (await ready(corpId)) !== undefined) able.push(corpId)
    const fresh = able.length === 0 ? [] : await db.transaction().execute((tx) => writeNext(needs, tx, able))
    const sends = Map.groupBy([...left, ...fresh], (one) => one.corpId)
    const told = await Promise.all([...sends].map(([corpId, own]) => tell(corpId, own)))
    return told.reduce((sum, one) => sum + one, 0)
  }
  const rounds: Rounds<number> = createRounds({ everyMs, pass, what: 'messages to staff', log })
  return rounds
}

/** What a corp's app speaks with. */
interface Voice {
  readonly client: Client
  readonly agentid: AgentId
  /** How long the platform knows a message again. */
  readonly memoryS: number
}

async function writeNext(
  { clock, platform, processId }: Needs,
  tx: Tx,
  corpIds: readonly number[],
): Promise<readonly Send[]> {
  const now = clock.now()
  const desks = await takeDesks(tx, corpIds, now, { desks: desksAtOnce, lines: linesMost })
  const own = await ownTemplates(tx, corpIds)
  const bounds = new Map<number, { readonly pace: Pace; readonly bytes: number }>()
  let memoryS = 0
  for (const corpId of corpIds) {
    const { value } = await platform.limits(corpId)
    const pace = paceOf(value('message.per_member_per_minute'), value('message.per_member_per_hour'))
    bounds.set(corpId, { pace, bytes: value('message.text_bytes') - repetitionBytes })
    memoryS = Math.max(memoryS, value('message.duplicate_interval_max_s'))
  }
  const plans = desks.flatMap((desk) => {
    const bound = bounds.get(desk.corpId)
    return bound === undefined ? [] : [planned(desk, bound, own.get(desk.corpId) ?? new Map(), now)]
  })
  await setDesks(tx, plans)
  return writeSends(
    tx,
    plans.flatMap(({ sends }) => sends),
    { processId, at: now, memoryS },
  )
}

/** What a member is told now, and when it is his turn again; null: when something new comes. */
function planned(
  desk: Desk,
  { pace, bytes }: { readonly pace: Pace; readonly bytes: number },
  own: ReadonlyMap<string, OwnTemplate>,
  now: Date,
): {
  readonly corpId: number
  readonly userid: string
  readonly nextAt: Date | null
  readonly sends: readonly NewSend[]
} {
  const { corpId, userid, waiting, count } = desk
  if (count === 0) return { corpId, userid, nextAt: null, sends: [] }
  const cards = waiting.filter((one) => one.card !== null)
  const lines = waiting.filter((one) => one.card === null)
  const cardFirst = waiting[0] !== undefined && waiting[0].card !== null
  const move = nextMove({ lines: count - cards.length, cards: cards.length, cardFirst }, desk.sent, now, pace)
  if (move.kind === 'wait') return { corpId, userid, nextAt: move.until, sends: [] }
  const said = (one: WaitingMessage) => saidOf(one, own)
  const alone = (one: WaitingMessage): NewSend => {
    const text = within(said(one), bytes)
    return { corpId, userid, text, messages: [one.id], card: one.card ?? cardOf(one, text, own) }
  }
  if (move.kind === 'each') return { corpId, userid, nextAt: null, sends: waiting.map(alone) }
  const parts = digest(lines.map(said), move.most, bytes)
  let from = 0
  const together = parts.map(({ text, lines: many }) => {
    from += many
    return { corpId, userid, text, messages: lines.slice(from - many, from).map(({ id }) => id) }
  })
  const sends = [...cards.slice(0, move.cards).map(alone), ...together]
  const told = sends.reduce((sum, one) => sum + one.messages.length, 0)
  return { corpId, userid, nextAt: told < count ? now : null, sends }
}

function saidOf({ kind, values }: WaitingMessage, own: ReadonlyMap<string, OwnTemplate>): string {
  return filled(own.get(kind)?.words ?? (isMessageKind(kind) ? kindOf(kind).words : kind), values)
}

/** The card of a message whose kind the brand gave buttons; among others in one message it has none. */
function cardOf({ kind }: WaitingMessage, text: string, own: ReadonlyMap<string, OwnTemplate>) {
  const buttons = own.get(kind)?.buttons ?? []
  if (buttons.length === 0 || !isMessageKind(kind)) return undefined
  return messageCard({ title: kindOf(kind).name.zh, text, buttons }, `note@${uuid()}`)
}

/** An error: nobody knows yet, or nobody could be asked; it is said again in a later round. */
async function say(voice: Voice, send: Send, now: Date): Promise<SendOutcome | Error> {
  const { id, card, madeAt } = send
  // a card is known by its task for ever, a text for as long as the platform remembers it
  if (card === null && now.getTime() - madeAt.getTime() > (voice.memoryS - 60) * 1_000)
    return { id, state: 'unknown', errcode: null }
  try {
    return { id, state: 'sent', msgid: card === null ? await sayText(voice, send) : await showCard(voice, send, card) }
  } catch (error) {
    if (error instanceof WecomError && forGood.has(error.errcode))
      return { id, state: 'refused', errcode: error.errcode }
    return error instanceof Error ? error : new Error(String(error))
  }
}

async function sayText({ client, agentid, memoryS }: Voice, { userid, text }: Send): Promise<string> {
  const { msgid } = await client.messages.send({
    ...{ touser: UserId.parse(userid), agentid, msgtype: 'text', text: { content: text } },
    ...{ enable_duplicate_check: 1, duplicate_check_interval: memoryS },
  })
  return msgid
}

/** Null: it stands already, and the platform does not say under which number. */
async function showCard(voice: Voice, send: Send, card: MessageCard): Promise<string | null> {
  const { client, agentid } = voice
  try {
    const { msgid } = await client.messages.send({
      ...{ touser: UserId.parse(send.userid), agentid, msgtype: 'template_card', template_card: card },
    })
    return msgid
  } catch (error) {
    if (error instanceof WecomError && error.errcode === cardExists) return null
    if (error instanceof WecomError && error.errcode === noCallback) return sayText(voice, send)
    throw error
  }
}
