import type { Said } from '../../../infra/errors.ts'
import type { CampaignSpec } from '../campaigns/campaign.schema.ts'
import { type Definition, type DefinitionKey, definitions } from './definitions.ts'

const of = (key: DefinitionKey, zhName: string, enName: string, zh: string, en: string): Definition => ({
  id: definitions[key].id,
  name: { zh: zhName, en: enName },
  words: { zh, en },
})

/** What the same numbers count of a Moment, which members publish and customers can see. */
const ofMoment: { readonly [Key in DefinitionKey]?: Definition } = {
  asked: of(
    'asked',
    '已下发朋友圈任务覆盖',
    'Asked',
    '所属员工已经收到发表任务的人数。',
    'Persons whose member has been asked to publish.',
  ),
  confirmed: of(
    'confirmed',
    '员工已发表覆盖',
    'Published',
    '所属员工已经发表的人数。平台不告知发表时刻，按我们第一次读到的时刻计。',
    'Persons whose member has published. When is told nowhere: it counts from when we first read of it.',
  ),
  delivered: of(
    'delivered',
    '可见人数',
    'Can see it',
    '平台报告能在微信里看到这条朋友圈的人数；是否真的刷到，平台不告知。',
    'Persons of whom the platform says that they can see it in WeChat; whether they did look, it does not tell.',
  ),
  senders_confirmed: of(
    'senders_confirmed',
    '朋友圈发表率（员工）',
    'Publishing rate (members)',
    '发表过的员工数 ÷ 被下发任务的员工数。',
    'Members who published / members asked.',
  ),
  customers_delivered: of(
    'customers_delivered',
    '朋友圈可见率（客户）',
    'Visibility (customers)',
    '可见的客户数 ÷ 计划的客户数（含被排除、压住和对照的）。',
    'Customers who can see it / customers planned (also those excluded, held, dropped or held out).',
  ),
  delivery: of(
    'delivery',
    '可见率',
    'Visibility',
    '可见人数 ÷ 应发人数（计划减去排除等）。看不到的分两类：员工未发表；已发表但平台没有给他看（不再是好友、或当月朋友圈已满等，平台不说明是哪一种）。',
    'Can see it / (planned − excluded and not to be sent). Failures are split: not published, and published but not shown to him (no friend any more, or full for the month: the platform does not say which).',
  ),
  task_completion: of(
    'task_completion',
    '发表任务完成率',
    'Task completion',
    '截止前发表的任务数 ÷ 已下发任务数。',
    'Tasks published before their deadline / tasks issued.',
  ),
}

export function definitionOf(key: DefinitionKey, kind: CampaignSpec['kind']): Definition {
  return (kind === 'moment' ? ofMoment[key] : undefined) ?? definitions[key]
}

export const momentFailureWords = {
  not_confirmed: { zh: '员工未发表', en: 'Not published by the member' },
  other: {
    zh: '已发表，但平台没有让他看见',
    en: 'Published, but the platform did not show it to him',
  },
} as const satisfies Readonly<Record<string, Said>>
