import { AppError, type Said } from '../../../infra/errors.ts'
import type { LeaveFault } from './leaves.ts'

export const leaveThing: Said = { zh: '休假', en: 'leave' }

export const leaveFaultWords: Readonly<Record<LeaveFault, Said>> = {
  unknown_member: { zh: '不是在职员工，或不在您的数据范围内', en: 'No present member that you may see' },
  ends_before: { zh: '结束时间不晚于开始时间', en: 'It ends before it begins' },
  over: { zh: '已经结束', en: 'It is over already' },
  too_long: { zh: '超过 400 天，请检查年份', en: 'Longer than 400 days: look at the year' },
  overlaps: { zh: '与他已登记的休假重叠', en: 'It overlaps another leave of theirs' },
}

export function badLeave(fault: LeaveFault): AppError {
  const { zh, en } = leaveFaultWords[fault]
  return new AppError(
    'rule',
    { zh: `休假没有保存：${zh}。`, en: `The leave was not saved: ${en}.` },
    { hint: { zh: '请检查开始和结束时间。', en: 'Look at when it begins and ends.' }, details: { fault } },
  )
}
