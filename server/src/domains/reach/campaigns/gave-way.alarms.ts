import type { Tx } from '../../../infra/db/database.ts'
import { clearAlarm, raiseAlarm } from '../../insights/index.ts'
import { type Campaign, pageOf } from './campaign.ts'

const kind = 'campaign.gave_way'
const keyOf = (campaignId: string) => `${kind}:${campaignId}`

/** To whom a send to groups gave up groups of its day, and how many. */
export interface GaveWay {
  readonly name: string
  readonly groups: number
}

/** Tells those who run a send to groups what it gave up to others of higher priority; with nothing given up an older word goes. */
export async function tellGaveWay(
  tx: Tx,
  { id, corpId, name }: Pick<Campaign, 'id' | 'corpId' | 'name'>,
  list: readonly GaveWay[],
  at: Date,
): Promise<void> {
  if (list.length === 0) return clearGaveWay(tx, { id, corpId }, at)
  const groups = list.reduce((sum, one) => sum + one.groups, 0)
  await raiseAlarm(
    tx,
    {
      ...{ corpId, kind, key: keyOf(id), severity: 'amber' as const },
      title: {
        zh: `「${name}」有 ${groups} 个客户群让给了优先级更高的${list.map((one) => `「${one.name}」`).join('')}`,
        en: `«${name}» gave up ${groups} groups to ${list.map((one) => `«${one.name}»`).join(', ')}, of higher priority`,
      },
      advice: {
        zh: '这些群当天收到的是优先级更高的群发。需要的话，换一天、提高优先级，或允许一个群一天收到几次。',
        en: 'These groups get the send of higher priority that day. Choose another day, raise the priority, or let a group have several a day.',
      },
      subject: { type: 'campaign', id, path: pageOf('group_send', id) },
    },
    at,
  )
}

/** It is over. */
export async function clearGaveWay(tx: Tx, { id, corpId }: Pick<Campaign, 'id' | 'corpId'>, at: Date): Promise<void> {
  await clearAlarm(tx, corpId, keyOf(id), at)
}
