import type { components } from '#shared/api/schema.gen.ts'

export type Member = components['schemas']['StaffMember']
export type Readiness = Member['readiness']

export const readinesses = [
  'ready',
  'unproven',
  'capacity',
  'not_addable',
  'not_visible',
  'not_following',
  'not_active',
  'disabled',
  'gone',
] as const satisfies readonly Readiness[]

/** Colour never stands alone: the tag says the state in words. */
export const readinessColours: Readonly<Record<Readiness, string>> = {
  ready: 'success',
  unproven: 'processing',
  capacity: 'warning',
  not_addable: 'error',
  not_visible: 'error',
  not_following: 'error',
  not_active: 'error',
  disabled: 'default',
  gone: 'default',
}

export function isReadiness(text: string | undefined): text is Readiness | 'blocked' {
  return text === 'blocked' || readinesses.some((one) => one === text)
}

export const isBlocked = (readiness: Readiness) => readiness !== 'ready' && readiness !== 'unproven'

/** Departments as a flat list in the tree's order, each name with those above it: «华东大区 / 上海人民广场店». */
export function departmentPaths(
  departments: readonly { readonly id: number; readonly name: string; readonly parent_id: number }[],
): readonly { readonly value: string; readonly label: string }[] {
  const byId = new Map(departments.map((one) => [one.id, one]))
  const path = (id: number, depth: number): string[] => {
    const one = byId.get(id)
    // the root is the corp itself and says nothing; a tree deeper than this does not exist
    if (one === undefined || depth > 15 || one.parent_id === 0) return []
    return [...path(one.parent_id, depth + 1), one.name]
  }
  return departments.map((one) => ({ value: String(one.id), label: path(one.id, 0).join(' / ') || one.name }))
}
