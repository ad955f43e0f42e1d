import type { Tx } from '../../../infra/db/database.ts'
import type { Said } from '../../../infra/errors.ts'
import { businessMoment } from '../../../infra/zone.ts'
import { clearAlarm, raiseAlarm } from '../../insights/index.ts'
import { type Campaign, pageOf } from './campaign.ts'
import type { InTheWay } from './in-the-way.store.ts'

const kind = 'campaign.skipped'
const keyOf = (campaignId: string) => `${kind}:${campaignId}`

/** Why a campaign did not go out at one of its times. */
export type Skipped = InTheWay | 'away'

const whys: Readonly<Record<Skipped, { readonly why: Said; readonly advice: Said }>> = {
  away: {
    why: { zh: '到点时系统没有在运行', en: 'the server was not running then' },
    advice: {
      zh: '错过的时间只在时间窗内补发，没有时间窗的最多晚 3 小时，再晚就不补了。下一次会照常发出；需要补发请复制后立即发送。',
      en: 'A time that was missed is made up for within its window, without one at most 3 hours late. The next goes out as planned; to make up for this one, copy it and send it now.',
    },
  },
  open: {
    why: { zh: '上一次发送还有任务没有确认或没有发完', en: 'members still had tasks of the run before to confirm' },
    advice: {
      zh: '同一个活动的两次发送不会同时进行。请提醒员工确认或取消上一次发送；任务过期时间应短于两次发送的间隔。',
      en: 'Two runs of one campaign never go on side by side. Remind the members, or cancel the run before; let tasks expire sooner than the next time comes.',
    },
  },
  stopped: {
    why: {
      zh: '上一次发送被试发叫停，还没有人确认已知晓',
      en: 'the canary stopped the run before, and nobody has said that he saw it',
    },
    advice: {
      zh: '请查看上一次发送的删除情况：可以继续的，在运行页点「已知晓」；否则请修改后重新送审，或取消活动。',
      en: 'Look at whom the run before lost: if it may go on, say on its page that you have seen it; else change the campaign and submit it again, or cancel it.',
    },
  },
}

/** It did not go out at these times. */
export async function raiseSkipped(
  tx: Tx,
  { id, corpId, name, spec }: Pick<Campaign, 'id' | 'corpId' | 'name' | 'spec'>,
  { times, zone, reason }: { readonly times: readonly Date[]; readonly zone: string; readonly reason: Skipped },
  at: Date,
): Promise<void> {
  const last = times.at(-1)
  if (last === undefined) return
  const { why, advice } = whys[reason]
  const when = businessMoment(last, zone)
  await raiseAlarm(
    tx,
    {
      ...{ corpId, kind, key: keyOf(id), severity: 'amber' as const, advice },
      title:
        times.length === 1
          ? { zh: `「${name}」${when} 没有发出：${why.zh}`, en: `«${name}» did not go out at ${when}: ${why.en}` }
          : {
              zh: `「${name}」有 ${times.length} 次没有发出，最近一次是 ${when}：${why.zh}`,
              en: `«${name}» did not go out ${times.length} times, lastly at ${when}: ${why.en}`,
            },
      subject: { type: 'campaign', id, path: pageOf(spec.kind, id) },
    },
    at,
  )
}

/** It went out again when it was to. */
export async function clearSkipped(tx: Tx, { id, corpId }: Pick<Campaign, 'id' | 'corpId'>, at: Date): Promise<void> {
  await clearAlarm(tx, corpId, keyOf(id), at)
}
