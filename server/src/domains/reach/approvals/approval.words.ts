import { AppError } from '../../../infra/errors.ts'
import type { CampaignFault } from '../campaigns/checks.ts'

export function stopped(faults: readonly CampaignFault[]): AppError {
  const [first] = faults
  const more = faults.length > 1
  return new AppError(
    'rule',
    {
      zh: `有 ${faults.length} 处问题，不能送审${first ? `：${first.said.zh}` : '。'}`,
      en: `${faults.length} ${more ? 'faults stop' : 'fault stops'} its approval${first ? `: ${first.said.en}` : '.'}`,
    },
    {
      hint: { zh: '请按标出的位置修改后再提交。', en: 'Mend the places shown and submit it again.' },
      details: { faults },
    },
  )
}

export function notRehearsed(): AppError {
  return new AppError(
    'rule',
    {
      zh: '这个版本还没有预演，不知道会发给多少人，也就不知道要几个人审批。',
      en: 'This version was not rehearsed: it is not known how many it reaches, nor how many must agree.',
    },
    { hint: { zh: '请先预演，再提交审批。', en: 'Rehearse it, then submit it.' } },
  )
}

export function authorsJudgeNot(): AppError {
  return new AppError(
    'forbidden',
    { zh: '写过或提交过这个群发活动的人不能审批它。', en: 'Whoever wrote or submitted a campaign cannot judge it.' },
    { hint: { zh: '请另一位有审批权限的同事来审批。', en: 'Ask somebody else who may approve.' } },
  )
}

export function spokenAlready(): AppError {
  return new AppError(
    'conflict',
    { zh: '你已经对这个版本表过态。', en: 'You have spoken of this version already.' },
    { hint: { zh: '需要两个人审批时，请另一位同事来审批。', en: 'Where two must agree, somebody else is needed.' } },
  )
}

export function refusalSaysWhy(): AppError {
  return new AppError(
    'rule',
    { zh: '驳回时请写明理由。', en: 'A refusal must say why.' },
    { hint: { zh: '写一句作者看得懂的话。', en: 'Write a sentence that its author understands.' } },
  )
}

export function refusedAsItIs(): AppError {
  return new AppError(
    'rule',
    { zh: '这个版本已被驳回。', en: 'This version was refused.' },
    {
      hint: {
        zh: '请按驳回理由修改，再提交新版本。',
        en: 'Change it as the refusal says, and submit the new version.',
      },
    },
  )
}
