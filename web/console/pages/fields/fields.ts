import type { components } from '#shared/api/schema.gen.ts'

export type CustomField = components['schemas']['CustomField']
export type FieldWithValue = components['schemas']['CustomerFields']['items'][number]
export type FieldValue = FieldWithValue['value']

export const fieldsKey = ['custom-fields'] as const
export const kinds = ['text', 'number', 'date', 'choice', 'choices'] as const

/** What the drawer edits. */
export interface FieldDraft {
  name: string
  kind: CustomField['kind']
  personal: boolean
  choices: string[]
  bounds: CustomField['bounds']
}

export const newDraft: FieldDraft = { name: '', kind: 'text', personal: false, choices: [], bounds: {} }

export function draftOf(field: CustomField): FieldDraft {
  const { name, kind, personal, choices, bounds } = field
  return { name, kind, personal, choices: choices.filter((one) => !one.archived).map((one) => one.value), bounds }
}

/** A move of one place among the fields in use, as the order that the server is told. */
export function moved(fields: readonly CustomField[], id: string, by: -1 | 1): string[] | undefined {
  const ids = fields.filter((field) => field.archived_at === null).map((field) => field.id)
  const at = ids.indexOf(id)
  const other = ids[at + by]
  if (at < 0 || other === undefined) return undefined
  return ids.map((one, index) => (index === at ? other : index === at + by ? id : one))
}

/** Only the values that differ from what stands on the page; null takes one away. */
export function changesOf(
  items: readonly FieldWithValue[],
  draft: Readonly<Record<string, FieldValue>>,
): Record<string, NonNullable<FieldValue> | null> {
  return Object.fromEntries(
    items.flatMap((item) => {
      if (!(item.id in draft)) return []
      const given = draft[item.id] ?? null
      const value = given === '' || (Array.isArray(given) && given.length === 0) ? null : given
      return JSON.stringify(value) === JSON.stringify(item.value) ? [] : [[item.id, value]]
    }),
  )
}
