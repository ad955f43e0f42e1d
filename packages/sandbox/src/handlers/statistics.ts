import type { GroupHandlers } from '../http/call.ts'
import { membersOf } from '../people/scan.ts'
import { seconds } from '../platform.ts'
import { dayStart } from '../statistics.ts'
import { Fail, fail, visibleMember } from './scope.ts'

const DAY_S = 86_400

export const statistics: GroupHandlers<'statistics'> = {
  /** Several members give the sum of each day [92132]. */
  userBehavior(call, { userid = [], partyid = [], start_time, end_time }) {
    const { platform, app } = call
    const { value } = platform.settings.limits
    const first = dayStart(start_time)
    const last = dayStart(end_time)
    if ((last - first) / DAY_S + 1 > value('statistics.span_days')) return fail(60267, 'the span of days is too long')
    if (first < dayStart(seconds(platform)) - value('statistics.history_days') * DAY_S)
      return fail(60267, 'start_time is too long ago')
    for (const id of userid) {
      const member = visibleMember(call, id)
      if (member instanceof Fail) return member
    }
    for (const id of partyid) {
      if (platform.world.departments.get(id) === undefined) return fail(60003, 'department not found')
      if (!platform.visibility.department(app.appKey, id)) return fail(60011, 'no privilege to access department')
    }
    const members = membersOf(platform, userid, partyid)
    const rows = []
    for (let day = first; day <= Math.min(last, dayStart(seconds(platform))); day += DAY_S) {
      const sum = { chats: 0, messages: 0, replies: 0, asked: 0, negative: 0, applied: 0, added: 0 }
      for (const member of members) {
        const one = platform.statistics.day(member.userid, day)
        sum.chats += one.chats
        sum.messages += one.messages
        sum.replies += one.replies
        sum.asked += one.asked
        sum.negative += one.negative
        sum.applied += one.applied
        sum.added += one.added
      }
      rows.push({
        stat_time: day,
        chat_cnt: sum.chats,
        message_cnt: sum.messages,
        negative_feedback_cnt: sum.negative,
        new_apply_cnt: sum.applied,
        new_contact_cnt: sum.added,
        // Only on days when a customer asked something.
        ...(sum.asked === 0
          ? {}
          : {
              reply_percentage: Math.min(100, Math.round((sum.replies / sum.asked) * 10_000) / 100),
              avg_reply_time: 3 + ((sum.replies * 7) % 40),
            }),
      })
    }
    return { behavior_data: rows }
  },
}
