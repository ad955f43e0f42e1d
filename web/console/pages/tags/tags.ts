import type { components } from '#shared/api/schema.gen.ts'

export type TagGroup = components['schemas']['TagGroup']
export type TagItem = components['schemas']['Tag']
export type PersonTag = components['schemas']['PersonTag']
export type Difference = components['schemas']['TagDifference']
export type MarkDifference = components['schemas']['TagMarkDifference']

export const tagsKey = ['tags'] as const
export const tagSyncKey = ['tag-sync'] as const
export const tagsPath = '/customers/tags'
export const differencesPath = '/customers/tags/differences'

/** Names of a text field, one a line; the same twice is one. */
export function linesOf(text: string): string[] {
  return [...new Set(text.split('\n').map((line) => line.trim()))].filter((line) => line !== '')
}

/** Groups with the tags that a person looks for; all of them where he types nothing. */
export function found(groups: readonly TagGroup[], typed: string): readonly TagGroup[] {
  const wanted = typed.trim().toLowerCase()
  if (wanted === '') return groups
  return groups.flatMap((group) => {
    if (group.name.toLowerCase().includes(wanted)) return [group]
    const tags = group.tags.filter((tag) => tag.name.toLowerCase().includes(wanted))
    return tags.length === 0 ? [] : [{ ...group, tags }]
  })
}

/** The order in which one tag comes one place earlier. */
export function earlier(ids: readonly string[], id: string): string[] {
  const at = ids.indexOf(id)
  if (at < 1) return [...ids]
  return [...ids.slice(0, at - 1), id, ...ids.slice(at - 1).filter((one) => one !== id)]
}
