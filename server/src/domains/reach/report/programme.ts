import type { z } from '@hono/zod-openapi'
import { businessDay, localTime, momentOf } from '../../../infra/zone.ts'
import type { Definition } from './definitions.ts'
import type { Programme, ProgrammeSide, programmeView } from './programme.schema.ts'
import { difference, type Estimate, isSignificant, scaled } from './statistics.ts'

/** The quarter of a moment in a zone, by the name under which everybody's holdout is drawn (plan/bucket.ts). */
export function quarterOf(at: Date, zone: string): { readonly name: string; readonly from: Date } {
  const [year = '', month = '1'] = businessDay(at, zone).split('-')
  const number = Math.ceil(Number(month) / 3)
  const first = new Date(`${year}-${String(number * 3 - 2).padStart(2, '0')}-01T12:00:00Z`)
  return { name: `${year}Q${number}`, from: momentOf(localTime(first, 'UTC').dayNumber, 0, zone) }
}

const shown = (estimate: Estimate | undefined) =>
  estimate === undefined ? null : { ...estimate, significant: isSignificant(estimate) }
const buyers = ({ converted, persons }: ProgrammeSide) => ({ hits: converted, persons })
const deleters = ({ deleted, persons }: ProgrammeSide) => ({ hits: deleted, persons })

export function presentProgramme(
  { began_at, held, others, touched, gmv_person }: Programme,
  asOf: Date,
): NonNullable<z.output<typeof programmeView>['programme']> {
  const lost = difference(deleters(others), deleters(held))
  return {
    ...{ began_at, as_of: asOf.toISOString(), held, others, touched },
    conversion: shown(difference(buyers(others), buyers(held))),
    gmv_person: shown(gmv_person ?? undefined),
    gmv: shown(gmv_person === null ? undefined : scaled(gmv_person, others.persons)),
    deletes: shown(lost && scaled(lost, 1_000)),
  }
}

const made = (id: string, zhName: string, enName: string, zh: string, en: string): Definition => ({
  id,
  name: { zh: zhName, en: enName },
  words: { zh, en },
})

export const programmeDefinitions = {
  persons: made(
    'programme.persons',
    '比较的客户',
    'Customers compared',
    '本季度第一次营销群发开始那一刻至少有一位好友的客户（合并后的人）。按固定哈希，一部分属于全局对照组，其余都是「其他客户」，不论后来有没有收到；所以两边只差一次抽签。季度中改过比例时，新旧比例之间的人不参加比较。',
    'Who had a living relation when the first marketing campaign of the quarter began (merged persons). By a stable hash some are held out of everything, all others are “the others”, whether they got anything or not; so only the lot parts the two. Where the share was changed within the quarter, those between the old and the new one are not compared.',
  ),
  conversion: made(
    'M36',
    '全部营销的增量',
    'Lift of all marketing',
    '其他客户里从那一刻起付过款的比例，减去全局对照组的，附 95% 区间（Newcombe）。是本季度所有营销合起来的作用，平均到每位客户。',
    'Share of the others who paid an order since, less that of those held out, with the 95 % interval of Newcombe: what all marketing of the quarter did together, over all customers.',
  ),
  gmv_person: made(
    'M36',
    '人均增量 GMV',
    'Incremental GMV a person',
    '从那一刻起的实付减退款，其他客户的人均减去全局对照组的人均，附 95% 区间（自助法，种子固定）。',
    'Paid less refunds since: of an average one of the others, less that of one held out, with a 95 % interval by a bootstrap with a fixed seed.',
  ),
  gmv: made(
    'M36',
    '增量 GMV',
    'Incremental GMV',
    '人均增量 GMV × 其他客户数。',
    'The former times the number of the others.',
  ),
  deletes: made(
    'M31',
    '多出的删除',
    'Excess deletes',
    '从那一刻起主动删除过员工的客户，每千人，其他客户减去全局对照组，附 95% 区间。',
    'Customers who deleted a member since, per mille, of the others less of those held out, with the 95 % interval.',
  ),
  touched: made(
    'programme.touched',
    '对照组里仍收到营销的人',
    'Held out and touched after all',
    '全局对照组里，从那一刻起账上有过营销触达的人：员工自己发的、群里发的、按企业标签可见的朋友圈，平台不让按人排除。人越多，增量被低估得越多。',
    'Of those held out, who has a marketing touch in the ledger since: sent by members themselves, in groups, or a Moment seen by corp tags, where nobody can be left out. The more, the more the lift is too small.',
  ),
} as const satisfies Readonly<Record<string, Definition>>
