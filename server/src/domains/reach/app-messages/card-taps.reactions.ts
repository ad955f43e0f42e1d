import { AgentId, UserId, type WecomEvent } from '@nuanyu/wecom'
import type { Services } from '../../../infra/services.ts'
import { finishStaffTask } from '../../workbench/index.ts'
import { tapOutcome } from './button.ts'
import { cardOfTask, noteTap } from './taps.store.ts'

export type Tap = Extract<WecomEvent, { readonly kind: 'app.card_clicked' }>

/** What stands in place of the buttons after a tap on a card that is not told from a template; undefined: not its card. */
export type TapAnswer = (corpId: number, tap: Tap) => Promise<string | undefined>

type Needs = Pick<Services, 'db' | 'clock' | 'platform' | 'log'>

/**
 * Members tapped buttons of cards. A tap does what its button says, once; whoever taps again, or a callback that comes twice,
 * is answered with what the first tap came to. Then the card says who did what.
 */
export async function handleCardTaps(
  services: Needs,
  heard: readonly { readonly corpId: number; readonly event: WecomEvent }[],
  others: readonly TapAnswer[],
): Promise<void> {
  for (const { corpId, event } of heard) {
    if (event.kind !== 'app.card_clicked') continue
    const outcome = await taken(services, corpId, event, others)
    if (outcome === undefined) continue
    await replaceButtons(services, corpId, event, outcome).catch((error: unknown) => {
      services.log.warn({ err: error, corpId }, 'a tapped card keeps its buttons')
    })
  }
}

async function taken(
  services: Needs,
  corpId: number,
  tap: Tap,
  others: readonly TapAnswer[],
): Promise<string | undefined> {
  const { db, clock } = services
  const { taskId, userId, eventKey: key } = tap
  const card = await cardOfTask(db, corpId, taskId, userId)
  if (card?.outcome != null) return card.outcome
  if (card !== undefined && (key === 'acknowledge' || key === 'done'))
    return db.transaction().execute(async (tx) => {
      const open = key === 'acknowledge' || (await finishStaffTask(tx, { corpId, ...card, at: clock.now() }))
      const outcome = tapOutcome(key, card.staffName, !open)
      await noteTap(tx, corpId, { taskId, userid: userId }, { key, outcome, at: clock.now() })
      return outcome
    })
  for (const answer of others) {
    const outcome = await answer(corpId, tap)
    if (outcome === undefined) continue
    await noteTap(db, corpId, { taskId, userid: userId }, { key, outcome, at: clock.now() })
    return outcome
  }
  return undefined
}

async function replaceButtons(
  { platform }: Pick<Services, 'platform'>,
  corpId: number,
  { userId, agentId, responseCode }: Tap,
  outcome: string,
): Promise<void> {
  const client = await platform.forCorp(corpId)
  if (client === undefined || responseCode === undefined) return
  await client.messages.updateCard({
    ...{ userids: [UserId.parse(userId)], agentid: AgentId.parse(agentId), response_code: responseCode },
    button: { replace_name: outcome },
  })
}
