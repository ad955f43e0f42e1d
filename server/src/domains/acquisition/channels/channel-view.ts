import { explain } from '@nuanyu/wecom'
import type { Said } from '../../../infra/errors.ts'
import type { CodeRow } from '../codes/code.store.ts'
import type { CodeProblem } from '../codes/code.ts'
import type { Closed, Desk } from '../codes/code-desk.ts'
import type { ChannelInput } from './channel.schema.ts'
import { clockOf, weekdaysOf } from './channel-form.ts'
import type { ChannelListed, ChannelStored } from './channel-view.store.ts'
import { closedWords, refusalWords } from './channel-words.ts'

/** Shapes what the API answers; the only place that does. */

type Language = keyof Said

export function presentRow(row: ChannelListed, language: Language) {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    group: row.groupName,
    state: row.state,
    strategy: row.strategy,
    status: row.status,
    store: row.storeId === null ? null : { id: row.storeId, name: row.storeName ?? '' },
    routed_store: row.routedId === null ? null : { id: row.routedId, name: row.routedName ?? '' },
    on_duty: row.onDuty,
    ready: row.ready,
    pending_since: row.pendingSince?.toISOString() ?? null,
    problem: presentProblem(row.problem, language),
    adds_today: row.addsToday,
    adds_7d: row.adds7,
    losses_7d: row.losses7,
    // a scan of a contact way is not called back: only our own page counts them
    scans_today: row.kind === 'landing' ? row.scansToday : null,
    valid_from: row.validFrom?.toISOString() ?? null,
    valid_until: row.validUntil?.toISOString() ?? null,
    created_at: row.createdAt.toISOString(),
  }
}

export function presentInput(row: ChannelListed, parts: ChannelStored): ChannelInput {
  const members = (role: string) =>
    parts.members
      .filter((m) => m.role === role)
      .map(({ kind, ref, weight, daily_limit }) => ({ kind, ref, weight, daily_limit }))
  return {
    kind: row.kind,
    name: row.name,
    group: row.groupName,
    tag_ids: parts.tag_ids,
    remark: parts.remark,
    description: parts.description,
    skip_verify: parts.skip_verify,
    exclusive: parts.exclusive,
    strategy: row.strategy,
    fallback: parts.fallback,
    closed_text: parts.closed_text,
    daily_limit: parts.daily_limit,
    expected_per_day: parts.expected_per_day,
    valid_from: row.validFrom?.toISOString() ?? null,
    valid_until: row.validUntil?.toISOString() ?? null,
    store_id: row.storeId,
    logo_id: parts.logo_id,
    members: members('member'),
    spares: members('spare'),
    shifts: parts.shifts.map((shift) => ({
      weekdays: weekdaysOf(shift.weekdays),
      from: clockOf(shift.from_minute),
      until: clockOf(shift.until_minute),
      members: shift.members,
    })),
    periods: parts.periods.map(({ name, from_at, until_at, members: named }) => ({
      name,
      from: new Date(from_at).toISOString(),
      until: new Date(until_at).toISOString(),
      members: named,
    })),
  }
}

export function presentCode(code: CodeRow, language: Language) {
  return {
    id: code.id,
    userid: code.userid,
    kind: code.kind,
    state: code.state,
    config_id: code.configId,
    url: code.url,
    content: code.content,
    desired_users: [...code.desiredUsers],
    effective_users: [...code.effectiveUsers],
    pending_since: code.pendingSince?.toISOString() ?? null,
    problem: presentProblem(code.problem, language),
  }
}

export function presentDesk(desk: Desk, names: ReadonlyMap<string, string>, language: Language) {
  const nameOf = (userid: string) => names.get(userid) ?? userid
  return {
    tier: desk.tier,
    closed: desk.closed === undefined ? null : closedWords[desk.closed].said[language],
    users: desk.able.map(({ facts }) => ({ userid: facts.userid, name: facts.name })),
    refused: desk.refused.map(({ userid, reason }) => ({
      userid,
      name: nameOf(userid),
      reason,
      said: refusalWords[reason].said[language],
      mend: refusalWords[reason].mend[language],
    })),
    next_look: desk.nextLook?.toISOString() ?? null,
  }
}

export function presentProblem(problem: CodeProblem | null, language: Language) {
  if (problem === null) return null
  const { said, mend } = problemWords(problem)
  return {
    kind: problem.kind,
    said: said[language],
    mend: mend[language],
    at: problem.at,
    ...(problem.errcode === undefined ? {} : { errcode: problem.errcode }),
  }
}

function isClosed(text: string | undefined): text is Closed {
  return text !== undefined && Object.hasOwn(closedWords, text)
}

function problemWords(problem: CodeProblem): { said: Said; mend: Said } {
  switch (problem.kind) {
    case 'nobody':
      return closedWords[isClosed(problem.closed) ? problem.closed : 'nobody']
    case 'platform': {
      const { meaning, meaningZh, remedy, remedyZh } = explain(problem.errcode ?? -1)
      return {
        said: {
          zh: `平台拒绝了这个码（${problem.errcode}）：${meaningZh}`,
          en: `The platform refuses this code (${problem.errcode}): ${meaning}`,
        },
        mend: { zh: remedyZh, en: remedy },
      }
    }
    default:
      return otherProblems[problem.kind]
  }
}

const otherProblems: Readonly<Record<Exclude<CodeProblem['kind'], 'nobody' | 'platform'>, { said: Said; mend: Said }>> =
  {
    not_sent: {
      said: { zh: '暂时没能联系上平台', en: 'The platform could not be reached' },
      mend: {
        zh: '会自动重试；若持续出现，请看「系统状态」。',
        en: 'It is tried again by itself; if it stays, see System status.',
      },
    },
    unknown_outcome: {
      said: { zh: '平台的回答丢失了，正在核对', en: 'The platform’s answer was lost; it is being checked' },
      mend: { zh: '无需操作，核对后自动继续。', en: 'Nothing to do: it goes on after the check.' },
    },
    gone_there: {
      said: { zh: '平台上已没有这个码', en: 'The platform does not have this code any more' },
      mend: {
        zh: '它可能被其他程序删除。到「核对平台上的码」里重建；已印刷的旧码无法恢复。',
        en: 'Another program may have deleted it. Rebuild it under “Check the codes at the platform”; printed copies cannot be revived.',
      },
    },
    no_client: {
      said: { zh: '还没有接入企业的客户联系应用', en: 'No customer-contact app of the corp is connected' },
      mend: { zh: '到「接入向导」填写应用的 Secret。', en: 'Enter the app’s secret in the connection guide.' },
    },
    all_refused: {
      said: {
        zh: '码里有客户加不上的员工，正在逐一排查',
        en: 'Somebody in this code cannot be added; he is being looked for',
      },
      mend: {
        zh: '无需操作，找到后会列出是谁、怎么处理。',
        en: 'Nothing to do: who it is and what to do will be shown.',
      },
    },
    quota: {
      said: { zh: '企业通过接口创建的码已达平台上限', en: 'The corp has as many codes as the platform allows' },
      mend: { zh: '删除不用的渠道，再点「重试」。', en: 'Delete channels that are not used, then retry.' },
    },
  }
