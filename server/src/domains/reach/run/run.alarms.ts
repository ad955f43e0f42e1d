import { explain } from '@nuanyu/wecom'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { type Alarm, clearAlarms, raiseAlarm } from '../../insights/index.ts'
import { pageOf } from '../campaigns/campaign.ts'
import type { Untold } from './managers.store.ts'
import { kindWords } from './run.words.ts'
import type { CanaryFinding, Run } from './runs.store.ts'
import type { TaskKey } from './task.ts'

const halted = 'campaign.halted'
const canary = 'campaign.canary'
const overCap = 'campaign.over_cap'
const twice = 'campaign.twice'
const untold = 'campaign.untold'

const subjectOf = (run: Run) => ({
  type: 'campaign',
  id: run.campaignId,
  path: pageOf(run.spec.kind, run.campaignId),
})

/** The rest was stopped by what the canary's people did. */
export async function raiseCanary(tx: Tx, run: Run, seen: CanaryFinding, at: Date): Promise<void> {
  const { deleted, delivered, confirmed } = seen
  const words = kindWords(run.spec.kind)
  await raiseAlarm(
    tx,
    {
      ...{ corpId: run.corpId, kind: canary, key: `${canary}:${run.id}`, severity: 'red' },
      title: {
        zh: `「${run.campaign}」灰度已叫停：${words.reached.zh} ${delivered} 人中 ${deleted} 人删除，${confirmed} 个任务在叫停前已由员工${words.confirmed.zh}`,
        en: `«${run.campaign}» was stopped by its canary: ${deleted} of ${delivered} ${words.reached.en} deleted; members had ${words.confirmed.en} ${confirmed} tasks before`,
      },
      advice: {
        zh: `其余任务没有下发，未${words.confirmed.zh}的已撤回。请看内容与人群，改好后重新提交审批。`,
        en: 'The rest was not asked for and what was not done is taken back. Look at content and audience, mend them, and submit again.',
      },
      subject: subjectOf(run),
    },
    at,
  )
}

/** The canary's time is over and hardly anybody was reached: nothing can be said of it. */
export async function raiseUnheard(tx: Tx, run: Run, seen: CanaryFinding, at: Date): Promise<void> {
  const words = kindWords(run.spec.kind)
  await raiseAlarm(
    tx,
    {
      ...{ corpId: run.corpId, kind: canary, key: `${canary}:${run.id}`, severity: 'amber' },
      title: {
        zh: `「${run.campaign}」灰度时间已到，但只有 ${seen.delivered}/${seen.asked} 人${words.reached.zh}，无法判断，已暂停`,
        en: `The canary of «${run.campaign}» reached only ${seen.delivered} of ${seen.asked} in its time: nothing can be said, so it is paused`,
      },
      advice: {
        zh: `提醒灰度员工${words.confirmed.zh}后点「继续」，会重新计时；或取消本次${words.name.zh}。`,
        en: 'Remind the canary’s members and press “Go on”, which gives it its time again; or cancel the run.',
      },
      subject: subjectOf(run),
    },
    at,
  )
}

/** The platform refuses what every further task would meet too. */
export async function raiseHalted(
  tx: Tx,
  run: Run,
  { errcode, why }: { readonly errcode: number | undefined; readonly why: string },
  at: Date,
): Promise<void> {
  const entry = errcode === undefined ? undefined : explain(errcode)
  const alarm: Alarm = {
    ...{ corpId: run.corpId, kind: halted, key: `${halted}:${run.id}`, severity: 'red' },
    title: {
      zh: `「${run.campaign}」已暂停：${entry === undefined ? why : `企业微信拒绝（${errcode}）：${entry.meaningZh}`}`,
      en: `«${run.campaign}» is paused: ${entry === undefined ? why : `WeCom refused (${errcode}): ${entry.meaning}`}`,
    },
    advice: {
      zh: `${entry?.remedyZh ?? '请查看应用与素材。'} 处理好后在运行页点「继续」，没有下发的会接着下发。`,
      en: `${entry?.remedy ?? 'Look at the app and the files.'} Then press “Go on” on the run’s page: what was not asked goes out.`,
    },
    subject: subjectOf(run),
  }
  await raiseAlarm(tx, alarm, at)
}

/** So many at least, and half of all: members' own sends do not explain that any more. */
const refusedMost = 20

/**
 * What the platform said of its cap when a run ended. Where it refused most people of whom we thought that something was left,
 * its own rule is most likely another than the one that is set here: until that is mended nobody of them is sent to, so a person
 * is told. A run that comes through says that it is right again.
 */
export async function tellOfCap(
  tx: Tx,
  run: Run,
  { sent, refused }: { readonly sent: number; readonly refused: number },
  at: Date,
): Promise<void> {
  const key = `${overCap}:${run.spec.kind}`
  if (sent > refused) return void (await clearAlarms(tx, run.corpId, [key], at))
  if (refused < refusedMost) return
  await raiseAlarm(
    tx,
    {
      ...{ corpId: run.corpId, kind: overCap, key, severity: 'amber' },
      title: {
        zh: `「${run.campaign}」有 ${refused} 个收件方被企业微信以「接收次数已满」拒绝，送达 ${sent} 个：群发规则很可能与本系统设置的不一致`,
        en: `WeCom refused ${refused} recipients of «${run.campaign}» as over its cap, and took ${sent}: its rule of mass sends is most likely not the one set here`,
      },
      advice: {
        zh: '请核对企业微信「群发助手 → 群发规则」，并在「平台限额档案」里改成一致的模式；否则这些收件方到周期结束都会被当作次数已用完而不发送。',
        en: 'Compare WeCom’s 群发助手 → 群发规则 with the mode in the limit profile, and set the same: until then these count as used up to the end of the period.',
      },
      subject: subjectOf(run),
    },
    at,
  )
}

/**
 * Members did not confirm, and nobody could be told: they have no manager, and who submitted it is bound to no member. A later
 * run of the campaign of which everybody's is told ends that.
 */
export async function tellUntold(tx: Tx, run: Run, { members, recipients, names }: Untold, at: Date): Promise<void> {
  const key = `${untold}:${run.campaignId}`
  if (members === 0) return void (await clearAlarms(tx, run.corpId, [key], at))
  const words = kindWords(run.spec.kind)
  const more = members > names.length
  await raiseAlarm(
    tx,
    {
      ...{ corpId: run.corpId, kind: untold, key, severity: 'amber' },
      title: {
        zh: `「${run.campaign}」到期没有${words.confirmed.zh}，也没有人可以告知：${names.join('、')}${more ? `等 ${members} 位员工` : ''}，涉及 ${recipients} 位收件方`,
        en: `«${run.campaign}» was not ${words.confirmed.en} in time, and nobody can be told: ${names.join(', ')}${more ? ` and others, ${members} members` : ''}, for ${recipients}`,
      },
      advice: {
        zh: '这些员工没有账号组组长、店长或部门负责人，提交人的账号也没有绑定企业微信成员。请指定店长或组长，并直接联系这些员工。',
        en: 'They have no manager of a sender set, store or department, and the account that submitted it is bound to no member. Name managers, and speak to these members yourself.',
      },
      subject: subjectOf(run),
    },
    at,
  )
}

/** A member confirmed two sends of one task: WeCom listed the first only after it had been asked for anew. */
export async function raiseTwice(
  tx: Tx,
  run: Run,
  { number, sender, reached }: { readonly number: number; readonly sender: string; readonly reached: number },
  at: Date,
): Promise<void> {
  const whom =
    run.spec.kind === 'group_send'
      ? { zh: `${reached} 个客户群`, en: `${reached} groups` }
      : { zh: `${reached} 位客户`, en: `${reached} customers` }
  await raiseAlarm(
    tx,
    {
      ...{ corpId: run.corpId, kind: twice, key: twiceOf({ runId: run.id, number }), severity: 'red' },
      title: {
        zh: `「${run.campaign}」有 ${whom.zh}可能收到两遍：企业微信迟迟没有列出员工 ${sender} 的第一个任务，补发后两个都被确认`,
        en: `${whom.en} may have got «${run.campaign}» twice: WeCom listed the first task of ${sender} only after it had been asked for anew, and both were confirmed`,
      },
      advice: {
        zh: '已发出的无法撤回；两次都已计入触达记录，之后的频次限制会算上。请告知该员工，必要时向客户致歉。',
        en: 'What was sent cannot be taken back; both are in the ledger, so that later caps count them. Tell the member, and let the customers have a word where it is due.',
      },
      subject: subjectOf(run),
    },
    at,
  )
}

const twiceOf = ({ runId, number }: TaskKey) => `${twice}:${runId}:${number}`

/** It was to be known for some days: nothing can be done about it. */
export async function clearTwice(on: Executor, corpId: number, tasks: readonly TaskKey[], at: Date): Promise<void> {
  await clearAlarms(on, corpId, tasks.map(twiceOf), at)
}

/** A person goes on with it, or ends it. */
export async function clearRunAlarms(tx: Tx, run: Pick<Run, 'id' | 'corpId'>, at: Date): Promise<void> {
  await clearAlarms(tx, run.corpId, [`${halted}:${run.id}`, `${canary}:${run.id}`], at)
}
