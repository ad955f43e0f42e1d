import type { Platform } from '../platform.ts'
import { NOTE_VARIANTS, noteVariant, seededNotes } from '../world/notes.ts'
import { externalContact, followInfo } from './customers.shape.ts'
import { NOT_THERE } from './scope.ts'

export interface BatchPosition {
  member: number
  position: number
}

/** Writes pages of `batch/get_by_user` as JSON: the first sync of three million customers reads 42,000 of them. */
type PageWriter = (
  members: readonly number[],
  from: BatchPosition,
  size: number,
) => { items: string; next: BatchPosition | undefined }

const writers = new WeakMap<Platform, PageWriter>()

export function pageWriter(platform: Platform): PageWriter {
  const known = writers.get(platform)
  if (known !== undefined) return known
  const made = createPageWriter(platform)
  writers.set(platform, made)
  return made
}

function createPageWriter(platform: Platform): PageWriter {
  const { world } = platform
  const { relations, staff, customers } = world
  /** The end of `follow_info` for each of the seeded notes; made again when a tag changes. */
  let noteTexts: string[] = []
  let noteVersion = -1
  const noteText = (variant: number): string => {
    if (noteVersion !== world.tags.version) {
      noteTexts = Array.from({ length: NOTE_VARIANTS }, (_, n) => {
        const notes = seededNotes(world, n)
        return `"description":"","remark_mobiles":[],"tag_id":${JSON.stringify([...notes.tags])}`
      })
      noteVersion = world.tags.version
    }
    return noteTexts[variant] ?? ''
  }

  /** A row as it came with the seed, put together from texts; any other by way of an object. */
  const item = (row: number, customer: number, bound: boolean): string => {
    const variant = noteVariant(world, row)
    if (variant < 0 || customers.isWecom(customer)) {
      return JSON.stringify({
        external_contact: externalContact(platform, customer),
        follow_info: followInfo(platform, row),
      })
    }
    const id = customers.externalUserId(customer)
    const name = JSON.stringify(customers.name(customer))
    const userid = staff.at(relations.staffOf(row))?.userid ?? ''
    const remark = seededRemark(variant)
    const addWay = relations.addWay(row)
    const state = relations.state(row)
    const union = bound ? `,"unionid":"${customers.unionId(customer)}"` : ''
    return (
      `{"external_contact":{"external_userid":"${id}","name":${name},"avatar":"${platform.address.url}/faces/c${customer}.svg",` +
      `"type":1,"gender":${customers.gender(customer)}${union}},"follow_info":{"userid":"${userid}",` +
      `"remark":${remark === '' ? name : JSON.stringify(remark)},"createtime":${relations.createdAt(row)},"add_way":${addWay},` +
      `"oper_userid":"${addWay === 1 || addWay === 3 || addWay === 16 ? id : userid}",` +
      `${state === '' ? '' : `"state":${JSON.stringify(state)},`}${noteText(variant)}}}`
    )
  }
  const remarks: string[] = []
  const seededRemark = (variant: number): string => {
    remarks[variant] ??= seededNotes(world, variant).remark
    return remarks[variant] ?? ''
  }

  return (members, from, size) => {
    const bound = platform.settings.value.corp.developerAccountBound
    const items: string[] = []
    let { member, position } = from
    for (; member < members.length; member++, position = 0) {
      const index = members[member] ?? 0
      const rows = relations.staffRows(index)
      for (; position < rows; position++) {
        if (items.length === size) return { items: items.join(','), next: { member, position } }
        const row = relations.staffRow(index, position)
        if ((relations.flags(row) & NOT_THERE) !== 0) continue
        items.push(item(row, relations.customerOf(row), bound))
      }
    }
    return { items: items.join(','), next: undefined }
  }
}
