import type { Executor } from '../../../infra/db/database.ts'
import { AppError } from '../../../infra/errors.ts'
import { businessDay } from '../../../infra/zone.ts'
import { loadsOf } from '../capacity/capacity.store.ts'
import { planShortages } from '../capacity/capacity.ts'
import { expandRefs } from '../codes/code-candidates.store.ts'
import { corpFacts, loadStaff } from '../codes/code-desk.store.ts'
import { type Desk, deskAt } from '../codes/code-desk.ts'
import type { StaffFacts } from './assignment.ts'
import type { ChannelInput } from './channel.schema.ts'
import { minutesOf, weekdayMask } from './channel-form.ts'
import { type Fault, faultsOf, warningsOf } from './channel-rules.ts'

export interface Checks {
  readonly errors: readonly Fault[]
  readonly warnings: readonly Fault[]
  readonly desk: Desk
  readonly staff: ReadonlyMap<string, StaffFacts>
  readonly userids: readonly string[]
}

/** Everything that can be said about a channel before it exists: what is wrong, who would stand behind it, who fills up. */
export async function checkChannel(on: Executor, corpId: number, input: ChannelInput, at: Date): Promise<Checks> {
  const corp = await corpFacts(on, corpId)
  const people = await expandRefs(on, corpId, [
    ...input.members.map((m) => ({ ...m, role: 'member' as const, dailyLimit: m.daily_limit })),
    ...input.spares.map((m) => ({ ...m, role: 'spare' as const, dailyLimit: m.daily_limit })),
  ])
  const members = people.filter((p) => p.role === 'member')
  const userids = [...new Set(people.map((p) => p.userid))]
  const staff = await loadStaff(on, corp, userids)
  const maxUsers = input.kind === 'link' ? corp.maxLinkUsers : corp.maxUsers
  const draft = {
    kind: input.kind,
    strategy: input.strategy,
    fallback: input.fallback,
    validFrom: dateOf(input.valid_from),
    validUntil: dateOf(input.valid_until),
    members: input.members.map((m) => `${m.kind}:${m.ref}`),
    spares: input.spares.map((m) => `${m.kind}:${m.ref}`),
    rostered: [...input.shifts, ...input.periods].flatMap((band) => band.members),
    staffCount: members.length,
    maxUsers,
  }
  const desk = deskAt(
    {
      ...draft,
      status: 'active',
      dailyLimit: input.daily_limit,
      rota: {
        shifts: input.shifts.map((s) => ({
          weekdays: weekdayMask(s.weekdays),
          fromMinute: minutesOf(s.from),
          untilMinute: minutesOf(s.until),
          members: s.members,
        })),
        periods: input.periods.map((p) => ({ ...p, from: new Date(p.from), until: new Date(p.until) })),
      },
      members,
      spares: people.filter((p) => p.role === 'spare'),
      takenToday: 0,
    },
    staff,
    at,
    corp.zone,
    maxUsers,
  )
  const errors = [...faultsOf(draft)]
  if (input.expected_per_day !== null && input.expected_per_day > 0) {
    const able = members.filter((m) => !gone(staff.get(m.userid))).map((m) => m.userid)
    errors.push(...(await shortages(on, corp, input, able, at)))
  }
  return { errors, warnings: warningsOf(draft), desk, staff, userids }
}

function gone(facts: StaffFacts | undefined): boolean {
  return facts === undefined || facts.gone || !facts.follows
}

function dateOf(text: string | null): Date | null {
  return text === null ? null : new Date(text)
}

const dayMs = 86_400_000

/** A campaign is not started on members who will be full before it ends (SC16). */
async function shortages(
  on: Executor,
  corp: { corpId: number; memberCap: number; zone: string },
  input: ChannelInput,
  userids: readonly string[],
  at: Date,
): Promise<readonly Fault[]> {
  const loads = await loadsOf(on, corp.corpId, corp.memberCap, businessDay(at, corp.zone), userids)
  const until = dateOf(input.valid_until)
  const from = Math.max(at.getTime(), dateOf(input.valid_from)?.getTime() ?? 0)
  const days = until === null ? undefined : Math.max(0, (until.getTime() - from) / dayMs)
  const members = loads.map((load) => ({ ...load, perDay: Math.max(0, load.net7 / 7) }))
  return planShortages(members, { perDay: input.expected_per_day ?? 0, days }).map((short) => {
    const whole = Math.max(0, Math.floor(short.daysLeft))
    const full = `${short.customers.toLocaleString('en')}/${short.cap.toLocaleString('en')}`
    return {
      field: 'expected_per_day',
      said: {
        zh: `${short.name}现有客户 ${full}，按每天 ${Math.round(short.perDay)} 人，预计 ${whole} 天后到上限`,
        en: `${short.name} has ${full} customers; at ${Math.round(short.perDay)} a day he is full in about ${whole} days`,
      },
      mend: {
        zh: '先为他申请扩容（管理后台 > 客户联系 > 客户数扩容，批准后在「容量与就绪」页用「设置上限」写上），或给渠道加员工，或缩短活动。',
        en: 'Have his number expanded first (Admin console > Customer contact; then set the new cap on the Capacity page), add staff, or shorten the campaign.',
      },
    }
  })
}

/** Refuses a channel with faults; the first one is the message, all are in the details. */
export function refuseFaults(checks: Checks): void {
  const [first] = checks.errors
  if (first === undefined) return
  throw new AppError(
    'rule',
    { zh: `${first.said.zh}。`, en: `${first.said.en}.` },
    { hint: first.mend, details: { faults: checks.errors } },
  )
}
