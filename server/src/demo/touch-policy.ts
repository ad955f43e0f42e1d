import { seedPolicy, type TouchPolicy } from '../domains/reach/index.ts'
import type { Services } from '../infra/services.ts'

/** Without quiet hours: whoever tries the demo brand may do so at night. */
const rules: TouchPolicy = {
  ...{ whom: null, marketing: 'limited', kept_from: 8, gap_minutes: 0, quiet: null, less_per_week: 1 },
  caps: [
    { channel: null, per: 'week', most: 4, kept: 0 },
    { channel: null, per: 'month', most: 12, kept: 2 },
  ],
  fatigue: { high: 300, most: 600 },
}

/** What a newcomer finds under 触达治理: one policy for everybody, which he may change or end. */
export async function seedDemoPolicy({ db, clock }: Pick<Services, 'db' | 'clock'>, corpId: number): Promise<void> {
  const note = '演示品牌自带：一周最多 4 次，一个月最多 12 次，其中 2 次留给重要活动'
  await seedPolicy(db, corpId, '日常触达上限', { place: 10, rules, note }, clock.now())
}
