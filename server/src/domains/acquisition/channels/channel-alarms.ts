import type { Executor } from '../../../infra/db/database.ts'
import { clearAlarms, keepAlarms, raiseAlarms } from '../../insights/index.ts'
import { namesOf } from './channel-names.store.ts'
import { codesOfClosedStores } from './channel-route.store.ts'
import { refusalWords } from './channel-words.ts'

const unaddableKey = (userid: string) => `staff.not_addable:${userid}`

/** A member was found whom customers cannot add: said once a member, with the step that mends it. */
export async function raiseUnaddable(
  on: Executor,
  corpId: number,
  userids: readonly string[],
  errcode: number,
  at: Date,
): Promise<void> {
  const names = await namesOf(on, corpId, userids)
  const { said, mend } = refusalWords.not_addable
  await raiseAlarms(
    on,
    userids.map((userid) => {
      const name = names.get(userid) ?? userid
      return {
        corpId,
        kind: 'staff.not_addable',
        key: unaddableKey(userid),
        severity: 'red',
        title: {
          zh: `${name}${said.zh.replace('41054', String(errcode))}，已从渠道活码移出`,
          en: `${name} ${said.en.replace('41054', String(errcode))}; he was taken out of the codes`,
        },
        advice: mend,
        subject: { type: 'staff', id: userid, path: '/acquisition/channels/capacity' },
      }
    }),
    at,
  )
}

export async function clearUnaddable(
  on: Executor,
  corpId: number,
  userids: readonly string[],
  at: Date,
): Promise<void> {
  await clearAlarms(on, corpId, userids.map(unaddableKey), at)
}

const closedStoreKind = 'channel.closed_store'

/** A code that leads to a closed store loses its scans: said until it is re-routed. */
export async function watchClosedStores(on: Executor, corpId: number, at: Date): Promise<void> {
  const alarms = (await codesOfClosedStores(on, corpId, at)).map(({ channelId, channelName, storeName }) => ({
    corpId,
    kind: closedStoreKind,
    key: `${closedStoreKind}:${channelId}`,
    severity: 'amber' as const,
    title: {
      zh: `「${storeName}」已闭店，渠道「${channelName}」的码仍指向它`,
      en: `“${storeName}” is closed, yet the code of “${channelName}” still leads there`,
    },
    advice: {
      zh: '在渠道详情里「改指门店」，印好的码不用换。',
      en: 'Use “Lead to another store” on the channel’s page; the printed code stays.',
    },
    subject: { type: 'channel', id: channelId, path: `/acquisition/channels/${channelId}` },
  }))
  await raiseAlarms(on, alarms, at)
  await keepAlarms(
    on,
    corpId,
    closedStoreKind,
    alarms.map((alarm) => alarm.key),
    at,
  )
}
