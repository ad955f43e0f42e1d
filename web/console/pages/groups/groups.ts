import type { components } from '#shared/api/schema.gen.ts'
import type { UrlValues } from '../../lib/useUrl.ts'

export type GroupRow = components['schemas']['Group']
export type GroupDetail = components['schemas']['GroupDetail']
export type GroupMember = components['schemas']['GroupMember']

export const groupsKey = ['groups'] as const
export const groupFilters = ['q', 'owner', 'store', 'dismissed'] as const
export const dismissedChoices = ['no', 'yes', 'all'] as const
export const memberLists = ['customers', 'newcomers', 'leavers', 'staff'] as const
export type MemberList = (typeof memberLists)[number]

/** The filters of the address as the API asks for them. */
export function groupsQuery(values: UrlValues, cursor: string | undefined) {
  const { q, owner, store } = values
  const dismissed = dismissedChoices.find((one) => one === values['dismissed'])
  return {
    limit: 50,
    ...(q === undefined ? {} : { q }),
    ...(owner === undefined ? {} : { owner }),
    ...(store === undefined ? {} : { store }),
    ...(dismissed === undefined ? {} : { dismissed }),
    ...(cursor === undefined ? {} : { cursor }),
  }
}

/** `11-06` of `2026-11-06`: a month of days needs no year. */
export function shortDay(day: string): string {
  return day.slice(5)
}
