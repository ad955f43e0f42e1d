import { z } from 'zod'
import { endpoint } from '../endpoint.ts'
import { listOf, Seconds, upTo } from '../fields.ts'
import { DepartmentId, UserId } from '../ids.ts'

/** One day; several members give their sum. Replies only on days with chats, times in minutes (D92132). */
const BehaviorDay = z.object({
  stat_time: Seconds,
  chat_cnt: z.int().default(0),
  message_cnt: z.int().default(0),
  reply_percentage: z.number().optional(),
  avg_reply_time: z.number().optional(),
  /** Customers who deleted or blocked. */
  negative_feedback_cnt: z.int().default(0),
  new_apply_cnt: z.int().default(0),
  new_contact_cnt: z.int().default(0),
})

export const statistics = {
  /** Days from the start to the end of both, at most `statistics.span_days`, back to `statistics.history_days`. */
  userBehavior: endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/get_user_behavior_data',
    doc: 92132,
    request: z
      .object({
        userid: upTo('statistics.users_max', UserId, { code: 40058 }).optional(),
        partyid: upTo('statistics.users_max', DepartmentId, { code: 40058 }).optional(),
        start_time: Seconds,
        end_time: Seconds,
      })
      .refine((r) => Boolean(r.userid?.length) || Boolean(r.partyid?.length), '40058 userid and partyid are both empty')
      .refine((r) => r.end_time >= r.start_time, '60267 end_time is before start_time'),
    response: z.object({ behavior_data: listOf(BehaviorDay) }),
    repeat: 'safe',
    errors: [40003, 40058, 48002, 60003, 60011, 60111, 60267],
    credential: ['app'],
    limits: ['statistics.span_days', 'statistics.history_days'],
  }),
}
