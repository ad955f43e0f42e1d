import type { Platform } from '../platform.ts'
import type { StaffMember } from '../world/staff.ts'

/** Why the platform does not let a customer in. */
export interface CapRefusal {
  code: number
  message: string
  messageZh: string
}

/** How many customers one member may hold. */
export function memberCap({ settings }: Platform, userid: string): number {
  return settings.limits.value(
    settings.member(userid).expanded ? 'customer.per_member_expanded' : 'customer.per_member',
  )
}

/** How many relations the corp may hold: the administrator's expansion, in steps, holds whatever the world began with. */
export function corpCap({ settings, world }: Platform): number {
  const { relationCap, verified } = settings.value.corp
  if (relationCap !== null) return relationCap
  const { value } = settings.limits
  if (!verified) return value('customer.per_unverified_corp')
  const step = value('customer.per_corp_step')
  return Math.max(value('customer.per_corp'), Math.ceil((world.seededRelations * 1.2) / step) * step)
}

/** Whether one more customer fits: member ready, 40099 per member, 610023 per corp. */
export function capRefusal(platform: Platform, member: StaffMember): CapRefusal | undefined {
  const { relations } = platform.world
  const of = platform.settings.member(member.userid)
  if (!of.active)
    return { code: 41054, message: 'the member has not logged in yet', messageZh: '该成员尚未激活企业微信' }
  if (!of.realName)
    return {
      code: 40098,
      message: 'the member is not real-name verified',
      messageZh: '该成员未完成实名认证，暂时无法添加',
    }
  if (relations.heldByStaff(member.index) >= memberCap(platform, member.userid)) {
    return {
      code: 40099,
      message: "the member's customers are at their cap",
      messageZh: '对方的客户数已达上限，无法添加',
    }
  }
  if (relations.held >= corpCap(platform)) {
    return {
      code: 610023,
      message: "the corp's customers are at their cap",
      messageZh: '该企业的客户规模已达上限，无法添加',
    }
  }
  return undefined
}
