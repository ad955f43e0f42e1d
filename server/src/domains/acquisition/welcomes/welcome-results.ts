import type { EffectSettlement } from '../../../infra/effects/effects.ts'
import type { DomainEvent } from '../../../infra/events/events.ts'
import { factKey } from '../../intake/index.ts'
import type { Touch } from '../../reach/index.ts'
import type { StaffTask } from '../../workbench/index.ts'
import type { WelcomeSend } from './welcome.store.ts'
import type { WelcomeResult } from './welcome-sender.ts'

/** What is written of a welcome that was tried: in the ledger, in the list of welcomes, in the log, for the member. */

export function settlementOf({ job, outcome, errcode, reason }: WelcomeResult): EffectSettlement {
  return {
    key: job.key,
    state: outcome === 'sent' ? 'done' : outcome,
    errcode,
    detail: { reason: reason ?? null, welcomeId: job.welcomeId },
  }
}

export function sendOf({ job, outcome, errcode, reason, tried }: WelcomeResult, at: Date): WelcomeSend {
  return {
    effectKey: job.key,
    corpId: job.corpId,
    customerId: job.customerId,
    userid: job.userid,
    externalUserid: job.externalUserid,
    channelId: job.channelId,
    welcomeId: job.welcomeId,
    versionId: job.versionId,
    outcome,
    errcode,
    reason,
    addedAt: job.addedAt,
    receivedAt: job.receivedAt,
    settledAt: at,
    stages: job.stages,
    // one call that settled it says nothing that the outcome does not
    trace: tried.length > 1 ? Object.assign({}, job.trace, { tried }) : job.trace,
  }
}

export function welcomeEventOf({ job, outcome, errcode, reason }: WelcomeResult, at: Date): DomainEvent {
  return {
    kind: outcome === 'sent' ? 'welcome.sent' : 'welcome.failed',
    corpId: job.corpId,
    customerId: job.customerId,
    staffUserid: job.userid,
    occurredAt: at,
    cause: `effect:${job.key}`,
    payload: {
      outcome,
      reason,
      errcode,
      welcomeId: job.welcomeId,
      versionId: job.versionId,
      channelId: job.channelId,
    },
    dedupeKey: factKey(job.corpId, ['welcome', job.key, outcome]),
  }
}

/** A welcome that came too late, or perhaps never, is the member's to say; one that was refused was said by another. */
export function greetByHandTasks({ job, outcome, reason }: WelcomeResult, at: Date): StaffTask[] {
  if (outcome !== 'late' && outcome !== 'unknown') return []
  return [
    {
      corpId: job.corpId,
      userid: job.userid,
      kind: 'welcome',
      key: job.key,
      customerId: job.customerId,
      detail: { outcome, reason, text: job.content.textWithoutName ?? job.content.text, channelId: job.channelId },
      createdAt: at,
    },
  ]
}

/**
 * A welcome that went out touched the person, and one whose answer was lost may have; the state of its effect says which. It
 * dates from its receipt, so that recorded again it is the same.
 */
export function touchesOfWelcome({ job, outcome }: WelcomeResult): Touch[] {
  if (outcome !== 'sent' && outcome !== 'unknown') return []
  const { key, corpId, customerId, userid, receivedAt } = job
  return [{ customerId, at: receivedAt, effect: key, corpId, channel: 'welcome', kind: 'service', sender: userid }]
}
