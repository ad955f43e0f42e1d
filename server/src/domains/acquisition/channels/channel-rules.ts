import type { ChannelKind, Strategy } from './channel.ts'

/** What does not fit together in a channel, said while it is being typed. `field` is the API's name of it. */
export interface Fault {
  readonly field: string
  readonly said: { readonly zh: string; readonly en: string }
  readonly mend: { readonly zh: string; readonly en: string }
}

export interface ChannelDraft {
  readonly kind: ChannelKind
  readonly strategy: Strategy
  readonly fallback: 'members' | 'closed'
  readonly validFrom: Date | null
  readonly validUntil: Date | null
  /** `kind:ref`, in order. */
  readonly members: readonly string[]
  readonly spares: readonly string[]
  /** The names that the rota uses. */
  readonly rostered: readonly string[]
  readonly staffCount: number
  readonly maxUsers: number
}

export function faultsOf(draft: ChannelDraft): readonly Fault[] {
  const faults: Fault[] = []
  if (draft.kind === 'landing' && draft.strategy === 'platform') faults.push(words.needsStrict)
  if (draft.kind !== 'landing' && draft.strategy !== 'platform') faults.push(words.needsPage)
  if (draft.kind === 'landing' && draft.fallback === 'members') faults.push(words.strictCloses)
  if (draft.validFrom !== null && draft.validUntil !== null && draft.validFrom >= draft.validUntil)
    faults.push(words.span)
  if (twice(draft.members) || twice(draft.spares)) faults.push(words.twice)
  const members = new Set(draft.members)
  if (draft.rostered.some((key) => !members.has(key))) faults.push(words.stranger)
  if (draft.staffCount === 0) faults.push(words.empty)
  return faults
}

export function warningsOf(draft: ChannelDraft): readonly Fault[] {
  const warnings: Fault[] = []
  if (draft.kind !== 'landing' && draft.staffCount > draft.maxUsers) warnings.push(words.tooMany)
  if (draft.kind !== 'landing' && draft.staffCount > 1) warnings.push(words.platformAssigns)
  if (draft.kind === 'qr' && draft.validUntil !== null) warnings.push(words.cannotClose)
  return warnings
}

function twice(keys: readonly string[]): boolean {
  return new Set(keys).size < keys.length
}

const words = {
  needsStrict: {
    field: 'strategy',
    said: { zh: '落地页由我们分配员工，要选一种分配方式', en: 'On a landing page we assign, so a strategy is needed' },
    mend: {
      zh: '选轮询、顺序、按权重或最少客户优先。',
      en: 'Choose round robin, sequential, weighted or least loaded.',
    },
  },
  needsPage: {
    field: 'strategy',
    said: {
      zh: '多人的码由平台分配，平台没有轮询、权重等选项',
      en: 'The platform assigns the members of a code and offers no strategy',
    },
    mend: {
      zh: '保持「由平台分配」，或把类型改为「落地页」。',
      en: 'Keep “the platform assigns”, or change the type to landing page.',
    },
  },
  strictCloses: {
    field: 'fallback',
    said: {
      zh: '严格分配不会把客户分给不当班的员工',
      en: 'A strict strategy never assigns anybody who is off duty',
    },
    mend: {
      zh: '无人当班时选「显示休息提示」，或加备用员工。',
      en: 'Choose the closed notice for that case, or add spare staff.',
    },
  },
  span: {
    field: 'valid_until',
    said: { zh: '失效时间不晚于生效时间', en: 'It ends before it begins' },
    mend: { zh: '改成更晚的时间。', en: 'Choose a later end.' },
  },
  twice: {
    field: 'members',
    said: { zh: '同一个员工、部门或门店出现了两次', en: 'The same member, department or store is named twice' },
    mend: { zh: '删掉重复的一项。', en: 'Remove one of them.' },
  },
  stranger: {
    field: 'shifts',
    said: { zh: '排班里有不在这个渠道的员工', en: 'The rota names somebody who is not in this channel' },
    mend: { zh: '先把他加入接待员工，或从排班里移除。', en: 'Add him to the members, or take him out of the rota.' },
  },
  empty: {
    field: 'members',
    said: { zh: '所选的部门或门店里没有员工', en: 'There are no staff in what was chosen' },
    mend: {
      zh: '另选员工，或先同步通讯录、给门店配置员工。',
      en: 'Choose others, or sync the staff or fill the store first.',
    },
  },
  tooMany: {
    field: 'members',
    said: { zh: '人数超过平台每个码的上限，多出的人暂不上码', en: 'More staff than a code may have; the rest wait' },
    mend: { zh: '拆成几个渠道，或改用落地页。', en: 'Split the channel, or use a landing page.' },
  },
  platformAssigns: {
    field: 'members',
    said: {
      zh: '多人的码由平台分配；到上限或换班后，平台生效前（≤ 60 秒）的添加仍可能落到原员工',
      en: 'The platform assigns among several members; until it knows of a change (≤ 60 s), adds may still reach the old ones',
    },
    mend: { zh: '要求一个都不超时，选「落地页」。', en: 'Where not one too many is allowed, choose a landing page.' },
  },
  cannotClose: {
    field: 'valid_until',
    said: {
      zh: '平台的二维码没有停用接口：到期后扫码仍能加到最后一批员工或备用员工',
      en: 'A code of the platform cannot be switched off: after its end, scans still reach the last or the spare staff',
    },
    mend: { zh: '要在到期后显示提示页，选「落地页」。', en: 'To show a notice after the end, choose a landing page.' },
  },
} as const satisfies Record<string, Fault>
