import type { Said } from '../../../infra/errors.ts'
import { dayText } from '../../../infra/zone.ts'
import type { Reason } from './check.ts'
import type { Leaf, Rule, Window } from './rule.schema.ts'
import { partsOf } from './rule.ts'

export const nameKinds = [
  'tag',
  'field',
  'staff',
  'department',
  'store',
  'channel',
  'audience',
  'group',
  'stage',
  'tier',
  'product',
  'account',
  'identity',
] as const
export type NameKind = (typeof nameKinds)[number]

/** What the things that a rule names by id are called; an id without a name stands for itself. */
export type Names = (kind: NameKind, id: string) => string

export const asTheyAre: Names = (_, id) => id

/** A rule as a sentence. */
export function words(rule: Rule, names: Names = asTheyAre): Said {
  if ('is' in rule) return leafWords(rule, names)
  const parts = partsOf(rule)
  if ('not' in rule) {
    const part = words(rule.not, names)
    return { zh: `不是（${part.zh}）`, en: `not (${part.en})` }
  }
  const joint = 'all' in rule ? { zh: ' 且 ', en: ' and ' } : { zh: ' 或 ', en: ' or ' }
  const said = parts.map((part) => {
    const { zh, en } = words(part, names)
    return 'is' in part || 'not' in part || parts.length === 1 ? { zh, en } : { zh: `（${zh}）`, en: `(${en})` }
  })
  return { zh: said.map((one) => one.zh).join(joint.zh), en: said.map((one) => one.en).join(joint.en) }
}

const both = (zh: string, en: string): Said => ({ zh, en })

function leafWords(leaf: Leaf, names: Names): Said {
  const list = (ids: readonly string[], kind: NameKind | undefined) => {
    const called = ids.map((id) => (kind ? names(kind, id) : id))
    return { zh: called.join('、'), en: called.join(', ') }
  }
  switch (leaf.is) {
    case 'choice': {
      const values = list(leaf.any, undefined)
      const field = names('field', leaf.field)
      return both(`${field}是${values.zh}`, `${field} is ${values.en}`)
    }
    case 'known':
      return both(`${names('field', leaf.field)}已填写`, `${names('field', leaf.field)} is known`)
    case 'number':
    case 'date': {
      const field = names('field', leaf.field)
      const span = spanWords(leaf.from, leaf.to)
      return both(`${field}${span.zh}`, `${field} ${span.en}`)
    }
    case 'ago': {
      const field = names('field', leaf.field)
      const span = spanWords(leaf.from, leaf.to)
      return both(`${field}距今天数${span.zh}`, `days since ${field} ${span.en}`)
    }
    case 'tags': {
      const tags = list(leaf.tags, 'tag')
      const mode = {
        any: both('有任一标签', 'has any tag of'),
        all: both('同时有标签', 'has all tags of'),
        none: both('没有标签', 'has no tag of'),
      }[leaf.mode]
      const source = leaf.source === undefined ? both('', '') : sourceWords(leaf.source)
      return both(`${mode.zh} ${tags.zh}${source.zh}`, `${mode.en} ${tags.en}${source.en}`)
    }
    case 'relation':
      return relationWords(leaf, list(leaf.by === 'anyone' ? [] : leaf.any, leaf.by === 'anyone' ? undefined : leaf.by))
    case 'stage':
      return both(`生命周期处于${list(leaf.any, 'stage').zh}`, `life-cycle stage is ${list(leaf.any, 'stage').en}`)
    case 'tier':
      return both(`价值层级是${list(leaf.any, 'tier').zh}`, `value tier is ${list(leaf.any, 'tier').en}`)
    case 'group':
      return both(`在客户群${list(leaf.any, 'group').zh}中`, `is in group ${list(leaf.any, 'group').en}`)
    case 'account': {
      const state = {
        followed: both('已关注', 'follows'),
        left: both('已取关', 'no longer follows'),
        opened: both('打开过', 'has opened'),
        member: both('已注册', 'is a member of'),
      }[leaf.state]
      const account = names('account', leaf.account)
      return both(`${state.zh} ${account}`, `${state.en} ${account}`)
    }
    case 'wish':
      return {
        less: both('自己要求少收消息', 'asked for fewer messages'),
        none: both('自己要求不再接收营销消息', 'asked for no marketing messages'),
        impersonal: both('自己要求不做个性化推荐', 'asked that nothing be chosen by what is known of them'),
      }[leaf.wish]
    case 'orders':
      return ordersWords(leaf, names)
    case 'events': {
      const when = windowWords(leaf.window)
      const span = spanWords(leaf.from, leaf.to)
      return leaf.measure === 'count'
        ? both(`${when.zh}“${leaf.name}”次数${span.zh}`, `"${leaf.name}" ${when.en}: times ${span.en}`)
        : both(
            `${when.zh}最近一次“${leaf.name}”距今天数${span.zh}`,
            `days since the latest "${leaf.name}" ${when.en} ${span.en}`,
          )
    }
    case 'audience':
      return both(`在分群“${names('audience', leaf.id)}”中`, `is in audience "${names('audience', leaf.id)}"`)
    case 'identity':
      return both(
        `有${leaf.any.map((kind) => identityWords(kind, names).zh).join('或')}`,
        `has ${leaf.any.map((kind) => identityWords(kind, names).en).join(' or ')}`,
      )
    case 'stock': {
      const product = names('product', leaf.product)
      return leaf.where === 'own'
        ? both(`所属门店有“${product}”库存`, `“${product}” is in stock in a store of the person’s`)
        : both(`“${product}”有库存`, `“${product}” is in stock`)
    }
    case 'list':
      return both(`在名单“${names('audience', leaf.id)}”中`, `is on list "${names('audience', leaf.id)}"`)
  }
}

const sources: Readonly<Record<string, Said>> = {
  manual: { zh: '手动', en: 'by hand' },
  wecom: { zh: '企业微信', en: 'WeCom' },
  import: { zh: '导入', en: 'import' },
  rule: { zh: '规则', en: 'rule' },
  event: { zh: '事件', en: 'event' },
  inferred: { zh: '推断', en: 'inferred' },
}
const sourceWords = (source: string): Said => {
  const said = sources[source] ?? { zh: source, en: source }
  return { zh: `（来源：${said.zh}）`, en: ` (source: ${said.en})` }
}

/** Kinds of identities that every brand has; one that a brand declared goes by its own name. */
const identityKinds: Readonly<Record<string, Said>> = {
  member_no: { zh: '会员号', en: 'a member number' },
  unionid: { zh: '微信 unionid', en: 'a unionid' },
  openid: { zh: '公众号或小程序身份', en: 'an openid' },
  phone: { zh: '已验证手机号', en: 'a verified phone' },
  phone_typed: { zh: '手填手机号', en: 'a phone typed by hand' },
  remark_mobile: { zh: '备注手机号', en: 'a phone in the remarks' },
  email: { zh: '邮箱', en: 'an e-mail' },
}
const identityWords = (kind: string, names: Names): Said => {
  const name = names('identity', kind)
  return identityKinds[kind] ?? { zh: name, en: name }
}

type Bound = number | string | undefined

function spanWords(from: Bound, to: Bound): Said {
  if (from !== undefined && from === to) return both(`等于 ${from}`, `= ${from}`)
  if (from !== undefined && to !== undefined) return both(`在 ${from} 到 ${to} 之间`, `between ${from} and ${to}`)
  if (from !== undefined) return both(` ≥ ${from}`, `≥ ${from}`)
  if (to !== undefined) return both(` ≤ ${to}`, `≤ ${to}`)
  return both('已知', 'is known')
}

function windowWords(window: Window | undefined): Said {
  if (!window) return both('累计', 'ever')
  if ('days' in window) return both(`${window.days} 天内`, `within ${window.days} days`)
  if ('periods' in window)
    return both(`近 ${window.periods} 个 30 天周期`, `in the last ${window.periods} periods of 30 days`)
  return both(`${window.from} 至 ${window.to}`, `from ${window.from} to ${window.to}`)
}

function relationWords(leaf: Extract<Leaf, { is: 'relation' }>, whom: Said): Said {
  const by = {
    staff: both('员工', 'staff '),
    department: both('部门', 'department '),
    store: both('门店', 'store '),
    channel: both('渠道', 'channel '),
    anyone: both('任一员工', 'anyone'),
  }[leaf.by]
  const state = {
    alive: both('现为好友', 'is a contact'),
    ended: both('曾为好友、已结束', 'was a contact'),
    ever: both('是或曾是好友', 'is or was a contact'),
  }[leaf.state]
  const fixed =
    leaf.sinceFrom === undefined && leaf.sinceTo === undefined ? undefined : spanWords(leaf.sinceFrom, leaf.sinceTo)
  const since = [
    ...(leaf.sinceDays === undefined
      ? []
      : [both(`${leaf.sinceDays} 天内添加`, `added within ${leaf.sinceDays} days`)]),
    ...(fixed ? [both(`添加日期${fixed.zh}`, `added ${fixed.en}`)] : []),
  ]
  return {
    zh: [`${by.zh}${whom.zh}：${state.zh}`, ...since.map((one) => one.zh)].join('，'),
    en: [`${state.en} of ${by.en}${whom.en}`, ...since.map((one) => one.en)].join(', '),
  }
}

function ordersWords(leaf: Extract<Leaf, { is: 'orders' }>, names: Names): Said {
  const when = windowWords(leaf.window)
  const of = [
    ...(leaf.category === undefined ? [] : [leaf.category]),
    ...(leaf.product === undefined ? [] : [names('product', leaf.product)]),
    ...(leaf.store === undefined ? [] : [names('store', leaf.store)]),
    ...(leaf.channel === undefined ? [] : [names('channel', leaf.channel)]),
  ].join(' ')
  const money = leaf.measure === 'sum' || leaf.measure === 'average'
  const yuan = (fen: number | undefined) => (fen === undefined ? undefined : money ? (fen / 100).toFixed(2) : fen)
  const span = spanWords(yuan(leaf.from), yuan(leaf.to))
  const measure = {
    count: both('下单次数', 'orders'),
    sum: both('消费金额（元）', 'spent (yuan)'),
    average: both('客单价（元）', 'average order (yuan)'),
    recency: both('最近下单距今天数', 'days since the latest order'),
  }[leaf.measure]
  return both(`${when.zh}${of}${measure.zh}${span.zh}`, `${of}${of && ' '}${measure.en} ${when.en} ${span.en}`)
}

/** Why a leaf holds or does not, with the facts: 「90 天内榴莲 3 次:06-02、06-20、07-11」. */
export function reasonWords(reason: Reason, names: Names = asTheyAre): Said {
  const { days, value, found } = reason.evidence
  const said = words(reason.rule, names)
  const sign = reason.holds ? '✓' : '✗'
  const number = value === undefined ? [] : [String(Math.round(value * 100) / 100)]
  // the latest say most
  const shown = (days ?? []).slice(-10).map((day) => dayText(day).slice(5))
  const things =
    days || value !== undefined || saysAll(reason.rule)
      ? []
      : (found ?? []).map((id) => calledIn(reason.rule, id, names))
  const facts = [...things, ...shown]
  return {
    zh: `${sign} ${said.zh}${number.length > 0 ? `，实际 ${number}` : ''}${facts.length > 0 ? `：${facts.join('、')}` : ''}`,
    en: `${sign} ${said.en}${number.length > 0 ? `; is ${number}` : ''}${facts.length > 0 ? `: ${facts.join(', ')}` : ''}`,
  }
}

/** Conditions whose words leave nothing to add. */
const saysAll = (rule: Rule) =>
  'is' in rule && ['identity', 'wish', 'stock', 'account', 'audience', 'list'].includes(rule.is)

/** A mark that was found, as the rule's own words call it. */
function calledIn(rule: Rule, id: string, names: Names): string {
  if (!('is' in rule)) return id
  if (rule.is === 'tags') return names('tag', id)
  if (rule.is === 'known') return names('field', id)
  const named = (['stage', 'tier', 'group'] as const).find((kind) => kind === rule.is)
  return named ? names(named, id) : id
}
