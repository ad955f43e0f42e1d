import type { z } from '@hono/zod-openapi'
import type { LimitProfile } from '@nuanyu/wecom'
import { presentMoment } from '../moments/moments.view.ts'
import type { MomentRow } from '../moments/moments-view.store.ts'
import { refusalWords } from './refusal.words.ts'
import type { runTaskView, runView } from './run.schema.ts'
import { mayAct } from './run-acts.ts'
import type { TaskRow } from './run-view.store.ts'
import type { Run, TaskSums } from './runs.store.ts'
import { type TaskState, taskStates } from './task.ts'

/** What of the platform's limit per minute our calls take (architecture, section 3). */
const budgetShare = 0.85

export function presentRun(
  run: Run,
  sums: readonly TaskSums[],
  moments: readonly MomentRow[],
  limits: LimitProfile,
): z.output<typeof runView> {
  const tasks = Object.fromEntries(taskStates.map((state) => [state, 0])) as Record<TaskState, number>
  const people = { planned: 0, asked: 0, sent: 0, no_friend: 0, over_cap: 0 }
  const [takenBack, notAsked] = [
    { tasks: 0, people: 0 },
    { tasks: 0, people: 0 },
  ]
  let takingBack = 0
  let late = 0
  for (const sum of sums) {
    const state = taskStates.find((one) => one === sum.state)
    if (state === undefined) continue
    tasks[state] += sum.tasks
    takingBack += sum.ending
    late += sum.late
    if (state !== 'failed') people.planned += sum.recipients
    if (state === 'asked' || state === 'confirmed') people.asked += sum.recipients
    if (state === 'cancelled' || state === 'expired') {
      people.asked += sum.putTo
      takenBack.tasks += sum.put
      takenBack.people += sum.putTo
      notAsked.tasks += sum.tasks - sum.put
      notAsked.people += sum.recipients - sum.putTo
    }
    people.sent += sum.sent
    people.no_friend += sum.noFriend
    people.over_cap += sum.overCap
  }
  const { id, campaignId, campaign, version, rehearsal, state, why, canary } = run
  return {
    ...{ id, campaign_id: campaignId, campaign, version, rehearsal, state, why, canary },
    refusal: refusalWords({ why, errcode: null }),
    planned_for: run.plannedFor.toISOString(),
    started_at: run.startedAt?.toISOString() ?? null,
    ended_at: run.endedAt?.toISOString() ?? null,
    ...{ tasks, people, taking_back: takingBack, confirmed_late: late, taken_back: takenBack, not_asked: notAsked },
    moments: moments.map(presentMoment),
    // one call takes a Moment back from all of its members
    stop_minutes: stopMinutes(run.spec.kind === 'moment' ? openMoments(moments) : openTasks(tasks), limits),
    may: {
      pause: mayAct('pause', run),
      resume: mayAct('resume', run),
      cancel: mayAct('cancel', run),
      acknowledge: mayAct('acknowledge', run),
    },
  }
}

const openTasks = ({ asked, asking, unknown }: Record<TaskState, number>) => asked + asking + unknown
const openMoments = (moments: readonly MomentRow[]) =>
  moments.filter(({ state }) => ['asking', 'made', 'asked', 'unknown'].includes(state)).length

/** Each open task costs one call of cancelling and one of reading whether it came too late; the two are limited apart. */
export function stopMinutes(open: number, limits: Pick<LimitProfile, 'value'>): number {
  return Math.ceil(open / (limits.value('api.corp_per_minute') * budgetShare))
}

export function presentTask(task: TaskRow): z.output<typeof runTaskView> {
  const { number, state, variant, sender, recipients, canary, attempt, reminded, sent, ending, errcode, why } = task
  return {
    ...{ number, state, variant, sender, recipients, canary, attempt, reminded, sent, ending, errcode, why },
    refusal: refusalWords(task),
    sender_name: task.senderName,
    asked_at: task.askedAt?.toISOString() ?? null,
    expires_at: task.expiresAt?.toISOString() ?? null,
    confirmed_at: task.confirmedAt?.toISOString() ?? null,
    no_friend: task.noFriend,
    over_cap: task.overCap,
    replaced_by: task.replacedBy,
    told: task.toldAs === null ? null : { as: task.toldAs, userid: task.told, name: task.toldName },
    ...{ beside: task.beside, likes: task.likes, comments: task.comments },
  }
}
