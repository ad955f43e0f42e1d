import type { Call, GroupHandlers } from '../http/call.ts'
import { Fail } from './scope.ts'

const HOUR_S = 3600

export const jssdk: GroupHandlers<'jssdk'> = {
  corpTicket(call) {
    const { world, settings } = call.platform
    const corp = call.frequency.countOwn(
      `${world.corpId} corp tickets`,
      settings.limits.value('jssdk.corp_tickets_per_hour'),
      HOUR_S,
    )
    return corp ?? ticket(call, 'corp')
  },
  agentTicket: (call) => ticket(call, call.app.appKey),
}

function ticket({ platform, app, frequency }: Call, owner: string) {
  const refusal = frequency.countOwn(
    `${app.appKey} tickets of ${owner}`,
    platform.settings.limits.value('jssdk.app_tickets_per_hour'),
    HOUR_S,
  )
  if (refusal instanceof Fail) return refusal
  const { ticket: text, expiresMs } = platform.tokens.jsTicket(owner)
  return { ticket: text, expires_in: Math.ceil((expiresMs - platform.clock.now()) / 1000) }
}
