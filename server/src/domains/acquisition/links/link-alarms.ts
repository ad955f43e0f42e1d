import type { Alarm } from '../../insights/index.ts'

export interface LinkChannel {
  readonly linkId: string
  readonly channelId: string
  readonly channelName: string
}

export const linkKind = 'channel.link'

/** None of the link's members can be added: whoever taps it is lost. */
export function unavailableLink(corpId: number, channel: LinkChannel): Alarm {
  return {
    ...about(corpId, channel, 'unavailable'),
    title: {
      zh: `渠道「${channel.channelName}」的获客链接现在加不上任何员工`,
      en: `The link of “${channel.channelName}” adds nobody now`,
    },
    advice: {
      zh: '打开渠道看每位员工的原因，先加一位能被添加的员工或备用员工。',
      en: 'Open the channel for each member’s reason, and first add somebody, or a spare, who can be added.',
    },
  }
}

/** Somebody deleted it in the platform's console or client; an address that was given out is dead. */
export function lostLink(corpId: number, channel: LinkChannel): Alarm {
  return {
    ...about(corpId, channel, 'lost'),
    title: {
      zh: `渠道「${channel.channelName}」的获客链接在管理后台被删除，已投放的链接失效`,
      en: `The link of “${channel.channelName}” was deleted at the platform; what was given out is dead`,
    },
    advice: {
      zh: '到「核对平台上的码」点「重建」得到新链接，并替换已投放的旧链接。',
      en: 'Use “Rebuild” under “Check the codes at the platform”, then replace the link wherever it stands.',
    },
  }
}

function about(corpId: number, { channelId }: LinkChannel, what: string): Omit<Alarm, 'title' | 'advice'> {
  return {
    corpId,
    kind: linkKind,
    key: `${linkKind}.${what}:${channelId}`,
    severity: 'red',
    subject: { type: 'channel', id: channelId, path: `/acquisition/channels/${channelId}` },
  }
}
