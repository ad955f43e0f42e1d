import type { Said } from '../../../infra/errors.ts'

/** Whether a customer can add this member now, and if not, why and what mends it. */
export const readinesses = [
  'ready',
  'unproven',
  'capacity',
  'not_addable',
  'not_visible',
  'not_following',
  'not_active',
  'disabled',
  'gone',
] as const
export type Readiness = (typeof readinesses)[number]

export interface ReadinessFacts {
  readonly gone: boolean
  /** The platform's: 1 active, 2 disabled, 4 not activated, 5 left; null: not read yet. */
  readonly status: number | null
  /** In the range of customer contact. */
  readonly follows: boolean
  /** In the visible range of our app; null: not read yet. */
  readonly visible: boolean | null
  readonly addable: 'unknown' | 'yes' | 'no'
  readonly customers: number
  readonly cap: number
}

/** A member leaves the codes at this share of his cap; the same as the acquisition room's. */
export const fullShare = 0.95

/** The first obstacle, in the order in which they must be mended. */
export function readinessOf(facts: ReadinessFacts): Readiness {
  if (facts.gone) return 'gone'
  if (facts.status === 2 || facts.status === 5) return 'disabled'
  if (facts.status !== null && facts.status !== 1) return 'not_active'
  if (facts.visible === false) return 'not_visible'
  if (!facts.follows) return 'not_following'
  if (facts.addable === 'no') return 'not_addable'
  if (facts.customers >= facts.cap * fullShare) return 'capacity'
  return facts.addable === 'yes' ? 'ready' : 'unproven'
}

export interface ReadinessWords {
  readonly said: Said
  readonly mend: Said
  readonly menuPath: Said | undefined
}

/** Menu paths of the platform's own console stand here and in the doctor only. */
export const readinessWords: Readonly<Record<Readiness, ReadinessWords>> = {
  ready: {
    said: {
      zh: '可以接待客户：平台已接受含他的码',
      en: 'Can take customers: the platform has accepted a code with him',
    },
    mend: { zh: '无需处理。', en: 'Nothing to do.' },
    menuPath: undefined,
  },
  unproven: {
    said: {
      zh: '条件都具备，但还没有在码上验证过；是否已实名没有接口可查',
      en: 'Meets every condition that can be read, but no code has proved it yet; no interface tells real-name status',
    },
    mend: {
      zh: '把他加进任意一个渠道，平台接受后这里会变成「可接待」。',
      en: 'Put him into a channel; once the platform accepts it this turns to “ready”.',
    },
    menuPath: undefined,
  },
  capacity: {
    said: {
      zh: '客户数已达上限的 95%，已自动移出活码',
      en: 'Has 95 % of the customers he may have and was taken out of the codes',
    },
    mend: { zh: '申请扩容，或把部分客户分配给同事。', en: 'Ask for an expansion, or hand some of his customers over.' },
    menuPath: {
      zh: '企业微信管理后台 > 客户与上下游 > 客户联系 > 客户数扩容',
      en: 'WeCom admin console > Customers > Customer contact > Expansion',
    },
  },
  not_addable: {
    said: {
      zh: '平台拒绝了含他的码（41054）：没有登录过企业微信，或没有完成实名认证、未绑定微信',
      en: 'The platform refuses codes with him (41054): never logged in, no real-name verification, or no WeChat bound',
    },
    mend: {
      zh: '请他在手机企业微信完成实名认证并绑定自己的微信，然后点「重新检查」；通过后自动回到码上。',
      en: 'Have him finish real-name verification in WeCom on his phone with his own WeChat bound, then press “Check again”; he then joins the codes by himself.',
    },
    menuPath: {
      zh: '手机企业微信 > 我 > 设置 > 账号与安全 > 实名认证',
      en: 'WeCom on the phone > Me > Settings > Account & security > Real-name verification',
    },
  },
  not_visible: {
    said: {
      zh: '不在本应用的可见范围内，我们读不到也派不了他',
      en: 'Outside the visible range of this app: we can neither read nor assign him',
    },
    mend: { zh: '把他或他的部门加入应用可见范围。', en: 'Add him or his department to the app’s visible range.' },
    menuPath: {
      zh: '企业微信管理后台 > 应用管理 > 自建 > 本应用 > 可见范围',
      en: 'WeCom admin console > Apps > this app > Visible range',
    },
  },
  not_following: {
    said: { zh: '没有开通客户联系功能', en: 'Is not in the range of customer contact' },
    mend: {
      zh: '把他加入客户联系的使用范围，5 分钟内自动回到码上。',
      en: 'Add him to the usage range of customer contact; he joins the codes within 5 minutes.',
    },
    menuPath: {
      zh: '企业微信管理后台 > 客户与上下游 > 客户联系 > 权限配置 > 使用范围',
      en: 'WeCom admin console > Customers > Customer contact > Permissions > Usage range',
    },
  },
  not_active: {
    said: { zh: '还没有激活企业微信', en: 'Has not activated WeCom' },
    mend: {
      zh: '请他用手机登录一次企业微信；激活后自动回到码上。',
      en: 'Have him log in to WeCom on his phone once; he then joins the codes by himself.',
    },
    menuPath: {
      zh: '企业微信管理后台 > 通讯录 > 该成员 > 邀请激活',
      en: 'WeCom admin console > Contacts > the member > Invite',
    },
  },
  disabled: {
    said: { zh: '账号已被禁用或已退出企业', en: 'The account is disabled or has left the corp' },
    mend: {
      zh: '仍在职就启用他的账号；已离职请到「在职/离职继承」分配他的客户。',
      en: 'Enable the account if he still works here; otherwise hand his customers over.',
    },
    menuPath: {
      zh: '企业微信管理后台 > 通讯录 > 该成员 > 启用',
      en: 'WeCom admin console > Contacts > the member > Enable',
    },
  },
  gone: {
    said: { zh: '已不在企业中', en: 'Is no longer in the corp' },
    mend: { zh: '从渠道中移除他，并分配他的客户。', en: 'Remove him from the channels and hand his customers over.' },
    menuPath: undefined,
  },
}
