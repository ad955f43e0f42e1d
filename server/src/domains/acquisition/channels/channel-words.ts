import type { Said } from '../../../infra/errors.ts'
import type { Closed } from '../codes/code-desk.ts'
import type { Refusal } from './assignment.ts'

/** Why a member is not in a code, and what mends it: what happened, why, what to do. */
export interface Advice {
  readonly said: Said
  readonly mend: Said
}

export const refusalWords: Readonly<Record<Refusal, Advice>> = {
  gone: {
    said: {
      zh: '已不在企业中，或不在应用可见范围内',
      en: 'has left the corp, or lies outside the app’s visible range',
    },
    mend: {
      zh: '从渠道中移除他；若仍在职，请到「管理后台 > 应用管理 > 可见范围」加入他。',
      en: 'Remove him from the channel; if he still works here, add him in Admin console > Apps > Visible range.',
    },
  },
  not_active: {
    said: { zh: '还没有激活企业微信，或账号被禁用', en: 'has not activated WeCom, or is disabled' },
    mend: {
      zh: '请他用手机登录一次企业微信；被禁用的账号在「管理后台 > 通讯录」启用。激活后会自动回到码上。',
      en: 'Have him log in to WeCom on his phone once; enable a disabled account in Admin console > Contacts. He then joins the code by himself.',
    },
  },
  not_following: {
    said: { zh: '没有开通客户联系功能', en: 'is not in the range of customer contact' },
    mend: {
      zh: '到「管理后台 > 客户与上下游 > 客户联系 > 权限配置 > 使用范围」加入他，5 分钟内自动回到码上。',
      en: 'Add him in Admin console > Customers > Customer contact > Permissions > Usage range; he joins the code within 5 minutes.',
    },
  },
  not_addable: {
    said: {
      zh: '客户现在加不上他：平台拒绝了含他的码（41054，未登录过企业微信或未完成实名认证）',
      en: 'cannot be added now: the platform refuses codes with him (41054: never logged in, or no real-name verification)',
    },
    mend: {
      zh: '请他在手机企业微信「我 > 设置 > 账号与安全 > 实名认证」完成实名并绑定自己的微信，然后点「重新检查」；成功后自动回到码上。',
      en: 'Have him finish real-name verification in WeCom on his phone (Me > Settings > Account & security) with his own WeChat bound, then press “Check again”; he then joins the code by himself.',
    },
  },
  capacity: {
    said: { zh: '客户数已达上限的 95%', en: 'has 95 % of the customers he may have' },
    mend: {
      zh: '到「管理后台 > 客户联系 > 客户数扩容」申请扩容，或把部分客户分配给同事。',
      en: 'Ask for an expansion in Admin console > Customer contact, or hand some of his customers over.',
    },
  },
  day_limit: {
    said: { zh: '今天已达添加上限', en: 'has reached today’s limit' },
    mend: {
      zh: '明天 0 点自动恢复；也可以调高他的每日上限。',
      en: 'He is back at midnight; or raise his daily limit.',
    },
  },
  off_duty: {
    said: { zh: '现在不当班', en: 'is off duty now' },
    mend: { zh: '到点会自动上码；需要时改排班。', en: 'He joins at his hour; change the rota if needed.' },
  },
  over_max: {
    said: { zh: '超出平台每个码的人数上限', en: 'is beyond the number of members that a code may have' },
    mend: { zh: '把渠道拆成几个码，或改用落地页分配。', en: 'Split the channel, or use the landing page.' },
  },
}

export const closedWords: Readonly<Record<Closed, Advice>> = {
  stopped: {
    said: { zh: '这个渠道已停用', en: 'This channel is stopped' },
    mend: { zh: '需要时点「启用」。', en: 'Start it again when needed.' },
  },
  not_yet: {
    said: { zh: '还没到生效时间', en: 'Its time has not come yet' },
    mend: { zh: '到点自动生效；也可以改生效时间。', en: 'It starts by itself; or change the time.' },
  },
  over: {
    said: { zh: '已过有效期', en: 'Its time is over' },
    mend: { zh: '延长有效期，或停用它。', en: 'Extend it, or stop it.' },
  },
  code_limit: {
    said: { zh: '今天已达这个码的添加上限', en: 'The code’s limit of today is reached' },
    mend: {
      zh: '明天 0 点自动恢复；也可以调高上限或加备用员工。',
      en: 'It is back at midnight; or raise the limit or add spare staff.',
    },
  },
  nobody: {
    said: { zh: '现在没有一个能接待的员工', en: 'There is nobody who could take a customer now' },
    mend: {
      zh: '加备用员工，或处理下面每个人的原因。平台不允许码上没有人：在此之前码上仍是上一批员工。',
      en: 'Add spare staff, or mend the reasons below. The platform does not allow a code without members: until then it keeps the last ones.',
    },
  },
}
