import { hash } from '../random.ts'
import type { RelationNotes } from './relations.ts'
import type { World } from './world.ts'

/** Seeded relations carry one of these many notes, chosen by their number. */
export const NOTE_VARIANTS = 64
const REMARKS = ['老顾客', '爱吃榴莲', '住对面小区', '每周五来', '团长']

/** Which of the seeded notes a relation carries, or -1 when a member or an app wrote his own. */
export function noteVariant(world: World, relation: number): number {
  if (world.relations.notes(relation) !== undefined) return -1
  return relation < world.seededRelations ? hash(relation, world.seed + 50) % NOTE_VARIANTS : 0
}

/** The nth of the seeded notes; 0 is blank. Tags that were deleted since are no longer on it. */
export function seededNotes(world: World, variant: number): RelationNotes {
  const blank = { remark: '', description: '', remarkCompany: '', remarkMobiles: [], tags: new Set<string>() }
  if (variant === 0) return blank
  const tags = new Set<string>()
  const wanted = hash(variant, 51) % 4
  for (let i = 0; i < wanted; i++) {
    const id = world.seededTags[hash(variant, 52 + i) % world.seededTags.length]
    if (id !== undefined && world.tags.tag(id)?.deleted === false) tags.add(id)
  }
  const remarked = hash(variant, 60) % 5 === 0
  return { ...blank, remark: remarked ? (REMARKS[variant % REMARKS.length] ?? '') : '', tags }
}

/** What the member wrote about the customer. */
export function notesOf(world: World, relation: number): RelationNotes {
  const own = world.relations.notes(relation)
  if (own === undefined) return seededNotes(world, noteVariant(world, relation))
  const alive = [...own.tags].filter((id) => world.tags.tag(id)?.deleted === false)
  return alive.length === own.tags.size ? own : { ...own, tags: new Set(alive) }
}
