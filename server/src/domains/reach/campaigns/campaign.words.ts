import { AppError, type Said } from '../../../infra/errors.ts'

export const campaignThing: Said = { zh: '群发活动', en: 'campaign' }
export const senderSetThing: Said = { zh: '发送账号组', en: 'set of senders' }

/** Why somebody who sees a part of the corp may not see or plan campaigns. */
export const forWholeCorp: Said = {
  zh: '群发活动面向整个企业的客户，你的数据范围只是其中一部分。',
  en: 'Campaigns reach customers of the whole corp; you see a part of it.',
}

export function notApproved(): AppError {
  return new AppError(
    'rule',
    {
      zh: '这个版本的群发活动没有通过审批，不能开始。',
      en: 'This version of the campaign is not approved and cannot start.',
    },
    { hint: { zh: '请提交审批。', en: 'Submit it for approval.' } },
  )
}

export function changedMeanwhile(): AppError {
  return new AppError(
    'conflict',
    {
      zh: '别人刚刚保存了这个群发活动的另一个版本。',
      en: 'Somebody saved another version of this campaign meanwhile.',
    },
    { hint: { zh: '请刷新页面，在最新版本上继续。', en: 'Reload the page and go on from the latest version.' } },
  )
}

const stateWords: Readonly<Record<string, Said>> = {
  draft: { zh: '草稿', en: 'a draft' },
  waiting: { zh: '待审批', en: 'waiting for approval' },
  approved: { zh: '已通过', en: 'approved' },
  live: { zh: '进行中', en: 'live' },
  ended: { zh: '已结束', en: 'ended' },
  cancelled: { zh: '已取消', en: 'cancelled' },
}

export function notInState(state: string, hint: Said): AppError {
  const now = stateWords[state] ?? { zh: state, en: state }
  return new AppError(
    'rule',
    { zh: `群发活动现在是「${now.zh}」，不能这样做。`, en: `The campaign is ${now.en} now: this cannot be done.` },
    { hint },
  )
}

export const copyInstead: Said = { zh: '请复制一份，在副本上修改。', en: 'Copy it and change the copy.' }
export const lookAgain: Said = { zh: '请刷新页面查看最新状态。', en: 'Reload the page to see how it stands.' }

export function runsOpen(open: number): AppError {
  return new AppError(
    'rule',
    { zh: `还有 ${open} 次发送没有结束。`, en: `${open} runs of it have not ended.` },
    { hint: { zh: '又有一次发送刚刚开始，请再取消一次。', en: 'Another run began just now: cancel it once more.' } },
  )
}

export function beingRehearsed(): AppError {
  return new AppError(
    'conflict',
    { zh: '这份草稿正在预演。', en: 'This draft is being rehearsed.' },
    { hint: { zh: '请等预演结束再删除。', en: 'Wait until the rehearsal is over, then delete it.' } },
  )
}

export function setNameTaken(name: string): AppError {
  return new AppError(
    'conflict',
    { zh: `已有名为「${name}」的发送账号组。`, en: `A set of senders is called “${name}” already.` },
    { hint: { zh: '请换一个名称。', en: 'Choose another name.' } },
  )
}

export function unknownMembers(userids: readonly string[]): AppError {
  const some = userids.slice(0, 5).join('、')
  return new AppError(
    'rule',
    {
      zh: `有 ${userids.length} 个账号不是本企业员工：${some}`,
      en: `${userids.length} of them are no members: ${some}`,
    },
    { hint: { zh: '请重新选择员工。', en: 'Choose the members again.' }, details: userids.slice(0, 200) },
  )
}

export function setInUse(campaigns: number): AppError {
  return new AppError(
    'rule',
    { zh: `还有 ${campaigns} 个群发活动使用这个发送账号组。`, en: `${campaigns} campaigns send through this set.` },
    { hint: { zh: '请先在这些活动里换成别的账号组。', en: 'Choose another set in these campaigns first.' } },
  )
}
