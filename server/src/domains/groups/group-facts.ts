import type { WecomEvent } from '@nuanyu/wecom'
import type { MemberFact } from './group-member.ts'

/** What a callback says of a group; whatever else it changed is read. */
export interface GroupFact {
  readonly corpId: number
  readonly chatId: string
  readonly at: Date
  readonly cause: string
  readonly dismissed: boolean
  /** Who came or went; of people whom the callback does not name only the reading tells. */
  readonly members: readonly string[]
  readonly change: MemberFact | undefined
  /** The list of members as it is after the change; for a moment the platform goes on showing an older one. */
  readonly toldVersion: string | undefined
}

/** A group's callback as a fact; undefined for other families. */
export function groupFactOf(corpId: number, event: WecomEvent, cause: string): GroupFact | undefined {
  if (event.kind !== 'group.created' && event.kind !== 'group.updated' && event.kind !== 'group.dismissed')
    return undefined
  const at = new Date(event.createTime * 1000)
  const fact: GroupFact = {
    ...{ corpId, chatId: event.chatId, at, cause, dismissed: event.kind === 'group.dismissed' },
    ...{ members: [], change: undefined, toldVersion: undefined },
  }
  if (event.kind !== 'group.updated') return fact
  const change = changeOf(event, at)
  if (change === undefined) return fact
  return { ...fact, change, members: event.memberChanges ?? [], toldVersion: event.currentMemberVersion }
}

function changeOf(event: Extract<WecomEvent, { kind: 'group.updated' }>, at: Date): MemberFact | undefined {
  switch (event.updateDetail) {
    case 'add_member':
      return { kind: 'joined', at, scene: sceneOf(event.joinScene) }
    case 'del_member':
      return { kind: 'left', at, by: event.quitScene === 0 ? 'self' : event.quitScene === 1 ? 'removed' : undefined }
    default:
      return undefined
  }
}

/** A callback counts 0 invited (directly or by a link) and 3 by a QR code; the list counts from 1. */
function sceneOf(joinScene: number | undefined): number | undefined {
  if (joinScene === undefined) return undefined
  return joinScene === 0 ? 1 : joinScene
}

/** External ids begin so and are this long (D92323); a callback does not say of what kind a member is. */
const externalId = /^w[mob][A-Za-z0-9_-]{30}$/

/** Of what kind a member of a callback is: one whom we know as a member of the corp, or else by the shape of the id. */
export function kindOfMember(id: string, isStaff: boolean): 'staff' | 'external' {
  return !isStaff && externalId.test(id) ? 'external' : 'staff'
}
