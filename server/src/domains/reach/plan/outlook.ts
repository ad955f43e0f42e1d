import type { LimitProfile } from '@nuanyu/wecom'
import { corpRule } from '../../../infra/budget/rules.ts'
import type { Executor } from '../../../infra/db/database.ts'
import { quotaAt } from '../governor/quota.ts'
import type { DraftTables, PlanInput } from './draft.store.ts'
import { type Forecast, forecastOf, type Share } from './forecast.ts'
import { countSpent, mostLoaded, pastOf, sharesOf, storeShares } from './outlook.store.ts'
import type { PlanView } from './plan.schema.ts'

/** What came before this says nothing of today's members. */
export const pastMs = 180 * 86_400_000
/** More tasks than this at once, and a member is said to be overloaded. */
export const tasksMost = 3
export const shown = { members: 50, stores: 200 }
export const createPath = '/cgi-bin/externalcontact/add_msg_template'

type Outlook = Pick<PlanView, 'quota' | 'calls' | 'loaded' | 'overloaded' | 'stores' | 'forecast'>

/** What a plan means: for the platform's quota and budget, for members and stores, and what would come of it. */
export async function outlookOf(
  on: Executor,
  tables: DraftTables,
  { corpId, spec, ask }: PlanInput,
  { tasks, limits }: { readonly tasks: number; readonly limits: LimitProfile },
): Promise<Outlook> {
  const frame = quotaAt(limits, ask.at)
  const shares = await sharesOf(on, tables)
  const past = await pastOf(on, { corpId, spec }, new Date(ask.at.getTime() - pastMs))
  const { perMinute } = corpRule(createPath, limits)
  const stores = await storeShares(on, tables, corpId, shown.stores)
  const loaded = await mostLoaded(on, tables, corpId, { shown: shown.members, tasksMost })
  return {
    quota: {
      ...{ mode: frame.mode, most: frame.most },
      spent: await countSpent(on, tables),
    },
    calls: { count: tasks, per_minute: perMinute, minutes: Math.ceil(tasks / perMinute) },
    loaded: [...loaded.members],
    overloaded: { most: tasksMost, members: loaded.overloaded },
    stores: [...stores],
    forecast: presented(forecastOf(spec.kind === 'moment' ? unspent(shares) : shares, past, spec.expires_hours)),
  }
}

/** Who has seen as many Moments as the corp wants is shown one all the same: the quota is ours, not the platform's. */
function unspent(shares: readonly Share[]): readonly Share[] {
  return shares.map((one) => ({ ...one, spent: 0 }))
}

export function presented({
  confirmed,
  delivered,
  deletes,
  converted,
  curve,
  ...rest
}: Forecast): PlanView['forecast'] {
  const whole = (one: Forecast['confirmed']) => ({
    ...{ value: Math.round(one.value), low: Math.floor(one.low), high: Math.ceil(one.high) },
  })
  return {
    ...rest,
    ...{ confirmed: whole(confirmed), delivered: whole(delivered), curve: [...curve] },
    deletes: deletes === null ? null : whole(deletes),
    converted: converted === null ? null : whole(converted),
  }
}
