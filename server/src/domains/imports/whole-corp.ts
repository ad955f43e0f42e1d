import { AppError } from '../../infra/errors.ts'

/** A table tells of anybody: who sees a part of the corp's customers only can neither bring nor look into one. */
export function wholeCorpOnly(): AppError {
  return new AppError(
    'forbidden',
    {
      zh: '你的数据范围不是全企业，不能导入，也不能查看导入。',
      en: 'Your data scope is not the whole corp: imports are beyond it.',
    },
    { hint: { zh: '请让数据范围是全企业的同事操作。', en: 'Ask somebody whose scope is the whole corp.' } },
  )
}
