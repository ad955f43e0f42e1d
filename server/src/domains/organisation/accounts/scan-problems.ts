import { CallError, CircuitOpenError, explain, WecomError } from '@nuanyu/wecom'
import type { Said } from '../../../infra/errors.ts'

/** Why a log-in by scan did not succeed, and what to do: a page of its own, since the person stands outside the console. */
export interface ScanProblem {
  readonly what: Said
  readonly todo: Said
}

export const scanProblems = {
  noCorp: {
    what: { zh: '还没有企业可以扫码登录。', en: 'No corp is connected for log-in by scan.' },
    todo: {
      zh: '请用密码登录，在「接入向导与体检」里填好应用的 AgentId 和 Secret。',
      en: 'Log in by password and fill in the app’s AgentId and Secret in the connection guide.',
    },
  },
  notOurs: {
    what: {
      zh: '这次扫码已过期，或不是从这个浏览器发起的。',
      en: 'This scan is over, or did not begin in this browser.',
    },
    todo: {
      zh: '请回到登录页，在同一个浏览器里 10 分钟内完成扫码。',
      en: 'Go back to the log-in page and finish the scan within 10 minutes in the same browser.',
    },
  },
  cancelled: {
    what: { zh: '你在企业微信里取消了登录。', en: 'You cancelled the log-in in WeCom.' },
    todo: { zh: '需要登录时请重新扫码。', en: 'Scan again when you want to log in.' },
  },
  notMember: {
    what: { zh: '扫码的微信不是这个企业的成员。', en: 'Who scanned is not a member of this corp.' },
    todo: { zh: '请用已加入企业的企业微信扫码。', en: 'Scan with a WeCom that has joined the corp.' },
  },
  disabled: {
    what: { zh: '你的账号已被停用。', en: 'Your account has been disabled.' },
    todo: { zh: '请联系管理员在「角色权限」里启用。', en: 'Ask an administrator to enable it on the page Roles.' },
  },
  secretRefused: {
    what: { zh: '应用的 Secret 已被企业微信拒绝（40001）。', en: 'WeCom refused the app’s secret (40001).' },
    todo: {
      zh: '请用密码登录，在「接入向导与体检」里更新这个应用的 Secret。',
      en: 'Log in by password and renew this app’s secret in the connection guide.',
    },
  },
  unreachable: {
    what: {
      zh: '暂时连接不到企业微信，无法确认你的身份。',
      en: 'WeCom cannot be reached, so we cannot tell who you are.',
    },
    todo: { zh: '请稍后重试，或用密码登录。', en: 'Try again in a moment, or log in by password.' },
  },
} as const satisfies Record<string, ScanProblem>

/** A member without an account: being in the corp proves no right to the console. */
export function notRegistered(userid: string): ScanProblem {
  return {
    what: {
      zh: `企业微信成员「${userid}」还没有开通暖域账号。`,
      en: `The WeCom member “${userid}” has no account here.`,
    },
    todo: {
      zh: '请把这个成员账号发给管理员，由他在「角色权限」里新建账号并关联。',
      en: 'Give this member id to an administrator, who makes an account linked to it on the page Roles.',
    },
  }
}

const particular: Readonly<Record<number, ScanProblem>> = {
  40029: {
    what: {
      zh: '这个登录码已用过，或已超过 5 分钟（40029）。',
      en: 'This log-in code was used already or is older than 5 minutes (40029).',
    },
    todo: {
      zh: '请回到登录页重新扫码，不要刷新或返回本页。',
      en: 'Scan again from the log-in page; do not reload or come back to this page.',
    },
  },
  50001: {
    what: {
      zh: '回调域名和应用里登记的不一致（50001）。',
      en: 'The redirect domain is not the one registered in the app (50001).',
    },
    todo: {
      zh: '管理员请在企业微信管理后台「应用管理 → 本应用 → 企业微信授权登录 → Web 网页 → 设置授权回调域」填写控制台的域名（含端口，不带 http://）。',
      en: 'An administrator registers the console’s domain, with its port and without http://, in the WeCom admin console under App management → this app → WeCom authorised log-in → Web.',
    },
  },
  60020: {
    what: {
      zh: '本服务器的 IP 不在应用的可信 IP 里（60020）。',
      en: 'This server’s IP is not among the app’s trusted IPs (60020).',
    },
    todo: {
      zh: '管理员请在「应用管理 → 本应用 → 企业可信IP」添加服务器的出口 IP。',
      en: 'An administrator adds the server’s outbound IP under App management → this app → Trusted IPs.',
    },
  },
}

/** Explains what the platform, or the way to it, answered; undefined: this is no answer of the platform's. */
export function scanProblemOf(error: unknown): ScanProblem | undefined {
  if (error instanceof CircuitOpenError) return scanProblems.secretRefused
  if (!(error instanceof WecomError)) return error instanceof CallError ? scanProblems.unreachable : undefined
  const known = particular[error.errcode]
  if (known !== undefined) return known
  const meaning = explain(error.errcode)
  return {
    what: {
      zh: `企业微信拒绝了登录（${error.errcode}）：${meaning.meaningZh}`,
      en: `WeCom refused the log-in (${error.errcode}): ${meaning.meaning}`,
    },
    todo: { zh: meaning.remedyZh, en: meaning.remedy },
  }
}
