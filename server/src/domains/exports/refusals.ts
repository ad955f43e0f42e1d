import type { Actor } from '../../infra/auth/actor.ts'
import { wholeCorp } from '../../infra/auth/whole-corp.ts'
import { AppError } from '../../infra/errors.ts'

export function unknownTable(kind: string): AppError {
  return new AppError(
    'invalid_request',
    { zh: `没有「${kind.slice(0, 40)}」这种导出。`, en: `There is no export of “${kind.slice(0, 40)}”.` },
    { hint: { zh: '请从「导入导出」页选择要导出的内容。', en: 'Choose one on the page “Import & export”.' } },
  )
}

export function unknownFilters(cause: unknown): AppError {
  return new AppError(
    'invalid_request',
    { zh: '导出的筛选条件不对。', en: 'The filters of the export do not fit.' },
    { hint: { zh: '请刷新列表，重新筛选后再导出。', en: 'Reload the list, filter it again, then export.' }, cause },
  )
}

export function reasonWanted(): AppError {
  return new AppError(
    'rule',
    { zh: '这次导出要别人同意，请先写明用途。', en: 'Somebody has to agree to this export: say what it is for.' },
    { hint: { zh: '同意的人会看到这句话。', en: 'Whoever agrees reads it.' } },
  )
}

export function notYourOwn(): AppError {
  return new AppError(
    'forbidden',
    { zh: '自己申请的导出要由另一个人同意。', en: 'Somebody else has to agree to what you asked for.' },
    { hint: { zh: '请让另一位管理员处理。', en: 'Ask another administrator.' } },
  )
}

export function refusedHow(): AppError {
  return new AppError(
    'rule',
    { zh: '拒绝时请写明原因。', en: 'Say why it is refused.' },
    { hint: { zh: '申请人会看到这句话。', en: 'Whoever asked reads it.' } },
  )
}

export function meanwhile(): AppError {
  return new AppError(
    'conflict',
    { zh: '这次导出已经不在这一步了。', en: 'This export is no longer at that step.' },
    { hint: { zh: '请刷新页面，看它现在的状态。', en: 'Reload the page to see where it stands.' } },
  )
}

export function fileEnded(): AppError {
  return new AppError(
    'conflict',
    {
      zh: '这个导出文件不在了：还没有写好，或已过期删除。',
      en: 'The file is not there: not written yet, or its time is over.',
    },
    {
      hint: {
        zh: '过期的请重新导出；若分开部署，各进程的 DATA_DIR 要是同一个目录。',
        en: 'Export it again; processes that run apart must share DATA_DIR.',
      },
    },
  )
}

export function notYours(): AppError {
  return new AppError(
    'forbidden',
    { zh: '导出文件只能由申请的人下载。', en: 'Only who asked for an export takes its file.' },
    { hint: { zh: '需要的话请自己导出一份。', en: 'Ask for one of your own.' } },
  )
}

export function seesLessNow(): AppError {
  return new AppError(
    'forbidden',
    {
      zh: '文件里有没打码的个人信息，而你的角色现在不能看。',
      en: 'The file shows personal data that your role no longer sees.',
    },
    { hint: { zh: '请重新导出一份。', en: 'Export it again.' } },
  )
}

export function mayNoLonger(): AppError {
  return new AppError(
    'forbidden',
    { zh: '申请人的账号已停用，或不再有导出权限。', en: 'Whoever asked is disabled, or may no longer export.' },
    { hint: { zh: '请由有权限的同事重新导出。', en: 'Ask somebody who may.' } },
  )
}

/** For tables that are not cut by whose customers they tell of. */
export const wholeCorpOnly = (actor: Actor): Actor =>
  wholeCorp(
    actor,
    {
      zh: '这张表包含全企业的客户，你的数据范围只是其中一部分。',
      en: 'This table tells of customers of the whole corp; you see a part of it.',
    },
    {
      zh: '请导出「客户」，或让数据范围是全企业的同事导出。',
      en: 'Export customers, or ask somebody who sees all.',
    },
  )

export function erasedMeanwhile(): AppError {
  return new AppError(
    'conflict',
    {
      zh: '导出期间有客户的个人信息被抹除，写好的部分已作废。',
      en: 'Somebody was erased while it was written: what was written is thrown away.',
    },
    { hint: { zh: '请重新导出。', en: 'Export it again.' } },
  )
}

export function draftGone(): AppError {
  return new AppError(
    'conflict',
    {
      zh: '服务重启后，写了一半的文件不在了，无法接着写。',
      en: 'After a restart the half of the file that was written is gone: it cannot be gone on with.',
    },
    {
      hint: {
        zh: '请重新导出。若分开部署，各进程的 DATA_DIR 要是同一个目录。',
        en: 'Export it again. Processes that run apart must share DATA_DIR.',
      },
    },
  )
}
