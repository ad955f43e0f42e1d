import type { ChannelInput, ChannelMember } from './channel.ts'

/** What the wizard knows of a channel while it is being typed. */
export interface Draft {
  input: ChannelInput
  /** Names of members, departments and stores by `kind:ref`. */
  names: Record<string, string>
}

export const steps = ['kind', 'staff', 'time', 'finish'] as const
export type Step = (typeof steps)[number]

export function emptyDraft(): Draft {
  return {
    input: {
      kind: 'qr',
      name: '',
      group: '',
      tag_ids: [],
      remark: '',
      description: '',
      skip_verify: true,
      exclusive: false,
      strategy: 'platform',
      fallback: 'members',
      closed_text: '',
      daily_limit: null,
      expected_per_day: null,
      valid_from: null,
      valid_until: null,
      store_id: null,
      logo_id: null,
      members: [],
      spares: [],
      shifts: [],
      periods: [],
    },
    names: {},
  }
}

export const keyOf = (member: Pick<ChannelMember, 'kind' | 'ref'>) => `${member.kind}:${member.ref}`

/** A change of type brings its strategy and fallback along, so that they always fit. */
export function withKind(input: ChannelInput, kind: ChannelInput['kind']): ChannelInput {
  if (kind === 'landing') {
    const strategy = input.strategy === 'platform' ? 'round_robin' : input.strategy
    return { ...input, kind, strategy, fallback: 'closed', exclusive: false }
  }
  return { ...input, kind, strategy: 'platform', fallback: input.kind === 'landing' ? 'members' : input.fallback }
}

/** Members in their new order; who stays keeps his weight and limit, and who leaves leaves the rota too. */
export function withMembers(
  input: ChannelInput,
  members: readonly Pick<ChannelMember, 'kind' | 'ref'>[],
): ChannelInput {
  const before = new Map(input.members.map((member) => [keyOf(member), member]))
  const kept = members.map((member) => before.get(keyOf(member)) ?? { ...member, weight: 1, daily_limit: null })
  const here = new Set(kept.map(keyOf))
  const only = <Band extends { members: string[] }>(band: Band): Band => ({
    ...band,
    members: band.members.filter((key) => here.has(key)),
  })
  return { ...input, members: kept, shifts: input.shifts.map(only), periods: input.periods.map(only) }
}

/** Fields of the server's faults by the step on which they are mended. */
const fieldStep: Record<string, Step> = {
  name: 'kind',
  group: 'kind',
  kind: 'kind',
  members: 'staff',
  spares: 'staff',
  strategy: 'staff',
  store_id: 'staff',
  shifts: 'time',
  periods: 'time',
  fallback: 'time',
  daily_limit: 'time',
  valid_until: 'time',
  expected_per_day: 'time',
}

export function stepOf(field: string): Step {
  return fieldStep[field] ?? 'finish'
}

/** What must be there before this step is left: the keys of the sentences that ask for it. */
export function missing(step: Step, input: ChannelInput): ('required.name' | 'required.members' | 'required.period')[] {
  if (step === 'kind' && input.name.trim() === '') return ['required.name']
  if (step === 'staff' && input.members.length === 0) return ['required.members']
  if (step === 'time' && input.periods.some((period) => period.name.trim() === '')) return ['required.period']
  return []
}

/** What can be checked of an unfinished form: a period without a name is still being typed. */
export function checkable(input: ChannelInput): ChannelInput {
  return { ...input, periods: input.periods.filter((period) => period.name.trim() !== '') }
}

const clockPattern = /^([01]\d|2[0-3]):[0-5]\d$/

/** Typed «9:5» becomes «09:05»; what is no time of day is undefined. `24:00` only ends a day. */
export function asClock(typed: string, isEnd: boolean): string | undefined {
  const [, hours, minutes] = /^(\d{1,2}):(\d{1,2})$/.exec(typed.trim()) ?? []
  if (hours === undefined || minutes === undefined) return undefined
  const clock = `${hours.padStart(2, '0')}:${minutes.padStart(2, '0')}`
  if (isEnd && (clock === '24:00' || clock === '00:00')) return '24:00'
  return clockPattern.test(clock) ? clock : undefined
}

export function isOvernight(from: string, until: string): boolean {
  return until <= from
}

/** A stored draft of this version of the form; anything else is nothing. */
export function readDraft(text: string | null): Draft | undefined {
  if (text === null) return undefined
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed !== 'object' || parsed === null || !('input' in parsed) || !('names' in parsed)) return undefined
    const draft = parsed as Draft
    return { input: { ...emptyDraft().input, ...draft.input }, names: draft.names }
  } catch {
    // a draft of another version or cut off: begin anew
    return undefined
  }
}
