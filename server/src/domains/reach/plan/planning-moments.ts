import type { LimitProfile } from '@nuanyu/wecom'
import { corpRule } from '../../../infra/budget/rules.ts'
import type { Executor, Tx } from '../../../infra/db/database.ts'
import { AppError } from '../../../infra/errors.ts'
import { marksPace, tagsAtPlatform } from '../../tags/index.ts'
import type { CampaignSpec } from '../campaigns/campaign.schema.ts'
import { askedSince } from '../moments/moments.store.ts'
import type { DraftTables, PlanInput } from './draft.store.ts'
import { countMoments, writeMoments } from './moments.store.ts'
import { countSpent, sharesOf } from './outlook.store.ts'
import type { PlanView } from './plan.schema.ts'

const addPath = '/cgi-bin/externalcontact/add_moment_task'
/** The platform’s month is of thirty days (90312). */
const monthMs = 30 * 86_400_000
/** A member’s part of a Moment holds as many as he has; far more than anybody can have as contacts. */
const wholePart = 1_000_000_000

/** How many customers one task holds. */
export function taskMost({ kind }: Pick<CampaignSpec, 'kind'>, limits: LimitProfile): number {
  return kind === 'moment' ? wholePart : limits.value('broadcast.customers_max')
}

/** What a plan tells of its Moments: how many, what it costs to mark who sees them, and what is left of the limits. */
export async function momentOutlook(
  on: Executor,
  tables: DraftTables,
  input: PlanInput,
  limits: LimitProfile,
): Promise<Pick<PlanView, 'calls' | 'quota' | 'moment'>> {
  const { corpId, ask, tags } = input
  const shares = await sharesOf(on, tables)
  const persons = shares.reduce((sum, one) => sum + one.persons, 0)
  const moments = await countMoments(on, tables, input, limits.value('moment.senders_max'))
  const month = {
    most: limits.value('moment.tasks_per_month'),
    used: await askedSince(on, corpId, new Date(ask.at.getTime() - monthMs)),
  }
  if (month.used + moments > month.most) throw overMonth(moments, month)
  const own = tags.length === 0
  const room = limits.value('tag.max_count') - (await tagsAtPlatform(on, corpId))
  if (own && moments > room) throw noRoom(moments, Math.max(0, room))
  const { perMinute } = corpRule(addPath, limits)
  const { calls, perMinute: marksAMinute, minutes } = marksPace(own ? persons : 0, limits)
  return {
    calls: { count: moments, per_minute: perMinute, minutes: Math.ceil(moments / perMinute) },
    quota: {
      ...{ mode: 'moments_a_month', most: input.quota?.(ask.at).most ?? 0 },
      spent: await countSpent(on, tables),
    },
    moment: {
      ...{ by: own ? 'audience' : 'tags', moments, month },
      marking: { marks: calls, per_minute: marksAMinute, minutes },
    },
  }
}

/** Of the tasks of a run that are in none the Moments; those of an own tag are marked from now on. */
export async function addMoments(tx: Tx, input: PlanInput, limits: LimitProfile, at: Date): Promise<void> {
  await writeMoments(tx, input, limits.value('moment.senders_max'), at)
}

function overMonth(moments: number, { most, used }: { readonly most: number; readonly used: number }): AppError {
  return new AppError('rule', {
    zh: `这次要发表 ${moments} 条朋友圈，而企业 30 天内最多 ${most} 条，已经用了 ${used} 条。请减少变体，或过些天再发。`,
    en: `It takes ${moments} Moments, and a corp has ${most} in 30 days, of which ${used} are used. Have fewer variants, or wait some days.`,
  })
}

function noRoom(moments: number, room: number): AppError {
  return new AppError('rule', {
    zh: `这次要建 ${moments} 个临时企业标签，而企业只能再建 ${room} 个。请先删除不用的标签，或改用已有的企业标签。`,
    en: `It takes ${moments} corp tags of its own, and the corp has room for ${room} more. Delete tags that are not used, or choose tags that stand.`,
  })
}
