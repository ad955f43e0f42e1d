import { z } from 'zod'
import { type GroupsReport, groupsReportSchema } from '../customers/index.ts'

/** Groups read at once and written in one transaction: what a crash can make us read twice stays small. */
export const groupsAtOnce = 12
/** Groups that the list does not show any more are asked for one by one; more than these are left as they are. */
export const vanishedAsked = 2_000
export const listPage = 1_000
export const ownersACall = 100
/** So many refused groups are named in the report; all are counted. */
export const refusedNamed = 50

/**
 * Where the reading of groups goes on. `owners`: those whose groups are listed, as the platform lists without them only a
 * corp of few visible members; then `size` of them from the how-manieth one, at the platform's cursor.
 */
export const groupPositionSchema = z.object({
  stage: z.enum(['listing', 'reading']),
  owners: z.array(z.string()).optional(),
  from: z.int(),
  size: z.int().min(1),
  cursor: z.string(),
})
export type GroupPosition = z.output<typeof groupPositionSchema>

export const firstPosition: GroupPosition = { stage: 'listing', from: 0, size: ownersACall, cursor: '' }
export const noGroups: GroupsReport = groupsReportSchema.parse({})

/** After a page of the list. */
export function afterListPage(position: GroupPosition, nextCursor: string): GroupPosition {
  if (nextCursor !== '') return { ...position, cursor: nextCursor }
  const from = position.from + position.size
  return position.owners === undefined || from >= position.owners.length
    ? { ...position, stage: 'reading', cursor: '' }
    : { ...position, from, size: ownersACall, cursor: '' }
}

/** An owner who is refused makes the whole call fail and is not named: fewer at a time, until he stands alone and is left out. */
export function afterListRefusal(position: GroupPosition): GroupPosition {
  return position.size > 1
    ? { ...position, size: Math.ceil(position.size / 2), cursor: '' }
    : afterListPage({ ...position, size: 1 }, '')
}

/** The owners of the next call. */
export function ownersAt({ owners, from, size }: GroupPosition): readonly string[] | undefined {
  return owners?.slice(from, from + size)
}

export function withRefused(
  report: GroupsReport,
  refused: readonly { chatId: string; errcode: number }[],
): GroupsReport {
  return {
    ...report,
    refused: report.refused + refused.length,
    refused_named: [
      ...report.refused_named,
      ...refused.map(({ chatId, errcode }) => ({ chat_id: chatId, errcode })),
    ].slice(0, refusedNamed),
  }
}
