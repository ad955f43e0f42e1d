import type { ResolvedChannel } from '../channels/channel.store.ts'
import type { GreetingStaff, WelcomeSend } from '../welcomes/welcome.store.ts'
import { type ActiveWelcome, type CustomerStage, chooseWelcome, type WelcomeDecision } from '../welcomes/welcome.ts'
import type { WelcomeJob } from '../welcomes/welcome-job.ts'
import { type AddCallback, welcomeEffectKey } from './add.ts'

/** What is known of an add besides its callback. */
export interface AddSurroundings {
  readonly customerId: number
  readonly channel: ResolvedChannel | undefined
  readonly member: GreetingStaff | undefined
  /** The corp's active welcomes, by level and target. */
  readonly welcomes: ReadonlyMap<string, ActiveWelcome>
  readonly stage: CustomerStage
  readonly zone: string
}

export interface DecidedAdd {
  readonly add: AddCallback
  readonly customerId: number
  readonly channelId: string | undefined
  readonly decision: WelcomeDecision
  readonly staffName: string
  readonly storeName: string | undefined
  readonly trace: unknown
}

/** Which welcome an add gets, and the trace that says why. */
export function decideAdd(
  add: AddCallback,
  { customerId, channel, member, welcomes, stage, zone }: AddSurroundings,
): DecidedAdd {
  const circumstances = {
    channelId: channel?.id,
    userid: add.event.userId,
    storeId: channel?.storeId ?? member?.storeId,
    stage,
    at: add.createdAt,
    zone,
  }
  const decision = chooseWelcome(welcomes, circumstances)
  return {
    add,
    customerId,
    channelId: channel?.id,
    decision,
    staffName: member?.name ?? '',
    storeName: member?.storeName,
    trace: {
      asked: {
        userid: circumstances.userid,
        staffName: member?.name,
        storeId: circumstances.storeId,
        storeName: member?.storeName,
        channelId: channel?.id,
        channelName: channel?.name,
        stage,
        state: add.event.state,
        at: add.createdAt,
        half: add.event.kind === 'customer.half_added',
        hasCode: add.event.welcomeCode !== undefined,
      },
      considered: decision.considered,
      band: decision.band?.name,
      bandStage: decision.band?.stage,
    },
  }
}

/** The welcome to be sent; undefined: there is no code to send it with, or nothing to say. */
export function welcomeJobOf(item: DecidedAdd): WelcomeJob | undefined {
  const { add, decision } = item
  const { welcomeCode } = add.event
  if (welcomeCode === undefined || decision.welcome === undefined || decision.band === undefined) return undefined
  return {
    key: welcomeEffectKey(add),
    corpId: add.corpId,
    appId: add.appId,
    customerId: item.customerId,
    userid: add.event.userId,
    externalUserid: add.event.externalUserId,
    welcomeCode,
    channelId: item.channelId,
    welcomeId: decision.welcome.id,
    versionId: decision.welcome.versionId,
    content: decision.band.content,
    staffName: item.staffName,
    storeName: item.storeName,
    addedAt: add.createdAt,
    receivedAt: add.receivedAt,
    deadlineMs: add.deadlineMs,
    trace: item.trace,
    maybeSent: false,
    receivedMs: add.receivedMs,
    stages: {},
  }
}

/** What is noted of an add that gets no welcome. */
export function unsentNoteOf(item: DecidedAdd): WelcomeSend {
  const { add, decision } = item
  return {
    effectKey: welcomeEffectKey(add),
    corpId: add.corpId,
    customerId: item.customerId,
    userid: add.event.userId,
    externalUserid: add.event.externalUserId,
    channelId: item.channelId,
    welcomeId: decision.welcome?.id,
    versionId: decision.welcome?.versionId,
    outcome: add.event.welcomeCode === undefined ? 'no_code' : 'none',
    errcode: undefined,
    reason: undefined,
    addedAt: add.createdAt,
    receivedAt: add.receivedAt,
    settledAt: undefined,
    stages: {},
    trace: item.trace,
  }
}
