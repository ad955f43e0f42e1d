import { explain } from '@nuanyu/wecom'
import type { Executor } from '../../../infra/db/database.ts'
import { clearAlarm, raiseAlarm } from '../../insights/index.ts'
import type { Send, SendOutcome } from './app-messages.store.ts'

const kind = 'app_message.untold'
const keyOf = ({ userid }: Pick<Send, 'userid'>) => `${kind}:${userid}`

/** A member was not told something, or nobody can know whether he was; as soon as he is reached again the word goes. */
export async function tellUntold(on: Executor, send: Send, outcome: SendOutcome, at: Date): Promise<void> {
  const { corpId, userid } = send
  if (outcome.state === 'sent') return clearAlarm(on, corpId, keyOf(send), at)
  const { errcode } = outcome
  const entry = errcode === null ? undefined : explain(errcode)
  await raiseAlarm(
    on,
    {
      ...{ corpId, kind, key: keyOf(send), severity: 'amber' as const },
      title:
        outcome.state === 'refused'
          ? {
              zh: `员工「${userid}」没有收到消息：企业微信拒绝（${errcode}）：${entry?.meaningZh ?? ''}`,
              en: `Member «${userid}» was not told: WeCom refused (${errcode}): ${entry?.meaning ?? ''}`,
            }
          : {
              zh: `不知道员工「${userid}」是否收到消息：企业微信的回答一直没有到`,
              en: `Nobody knows whether member «${userid}» was told: WeCom’s answer never came`,
            },
      advice: {
        zh: `${entry?.remedyZh ?? ''}请看「员工消息」里是哪些内容，必要时另行告知；他下次收到消息时本提醒自动消失。`,
        en: `${entry?.remedy ?? ''} See under “Staff messages” what it was and tell him otherwise where it matters; this goes when he is reached again.`,
      },
      subject: { type: 'staff', id: userid, path: '/engagement/app-messages' },
    },
    at,
  )
}
