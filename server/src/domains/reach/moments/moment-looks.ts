import type { Client } from '@nuanyu/wecom'
import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import { localTime } from '../../../infra/zone.ts'
import { passes } from '../../customers/index.ts'
import { tellStaff } from '../app-messages/app-messages.store.ts'
import { errcodeOf } from '../run/answers.ts'
import type { RunNeeds } from '../run/launch.ts'
import { holdRun, type Run } from '../run/runs.store.ts'
import { takenBackTasks } from '../run/taken-back.ts'
import { nextLook, nextReminder, type Task } from '../run/task.ts'
import { beginTakingBack, changeTasks, tasksOfMoment } from '../run/tasks.store.ts'
import { type Judged, judgeListing, type Moment, mustCancel } from './moment.ts'
import { failTasks } from './moment-jobs.ts'
import { publishingOf } from './moment-listing.ts'
import { leaveOutRefusals } from './moment-refusals.ts'
import { changeMoment, closeMoment, postpone, rest } from './moments.store.ts'

/** A busy platform, or a Moment that is still being handed out, is asked again after this. Business time. */
const laterMs = 60_000
/** The platform does not know it any more: somebody deleted it. */
const noSuchMoment = 41060

/**
 * One look at each of these Moments: a listing of all its members, however many they are, and a call of cancelling before it
 * where it is to be taken back. Who published in that very second is told by the listing after it.
 */
export async function lookAtMoments(needs: RunNeeds, client: Client, taken: readonly Moment[]): Promise<void> {
  const { db, clock, log } = needs
  for (const moment of taken) {
    try {
      await lookAt(needs, client, moment)
    } catch (error) {
      if (!passes(error))
        log.warn({ err: error, moment: moment.effect }, 'a Moment could not be looked at; tried again')
      await postpone(db, moment, new Date(clock.now().getTime() + laterMs))
    }
  }
}

async function lookAt(needs: RunNeeds, client: Client, moment: Moment): Promise<void> {
  const { db, clock, platform } = needs
  const { runId, momentId: moment_id } = moment
  const open = await tasksOfMoment(db, moment, ['asked'])
  const cancelled = mustCancel(open) && (await beginTakingBack(db, moment, clock.now()))
  const limit = (await platform.limits(moment.corpId)).value('moment.result_page_max')
  let listing: Awaited<ReturnType<typeof publishingOf>> = new Map()
  if (moment_id !== null && open.length > 0)
    try {
      if (cancelled) await client.moments.cancel({ moment_id })
      listing = await publishingOf(client, moment_id, limit)
    } catch (error) {
      if (errcodeOf(error) !== noSuchMoment) throw error
    }
  const now = clock.now()
  if (listing === undefined) return postpone(db, moment, new Date(now.getTime() + laterMs))
  const judged = judgeListing(open, listing)
  const run = await settle(needs, moment, judged, cancelled)
  if (run === undefined) return
  if (!cancelled) await leaveOutRefusals(needs, client, run, moment)
  // whoever is gone cannot publish; the whole is taken back for graver reasons only
  const back = cancelled ? judged.open : judged.open.filter(({ ending }) => ending === 'absent')
  await takenBackTasks(
    needs,
    new Map([[runId, run]]),
    back.map((task) => (task.ending === null ? { ...task, ending: 'quiet' as const } : task)),
  )
  if (judged.open.length > back.length) {
    const asked = { number: moment.number, askedAt: moment.askedAt }
    await changeMoment(db, moment, { state: 'asked', nextAt: nextLook(asked, clock.now()) })
  } else await db.transaction().execute((tx) => closeMoment(tx, moment, cancelled ? 'cancelled' : 'asked'))
}

/** Who published is done, whom the platform does not ask fails, and who is to be reminded is told. */
function settle(
  needs: RunNeeds,
  moment: Moment,
  { published, open, unlisted }: Judged,
  cancelled: boolean,
): Promise<Run | undefined> {
  return needs.db.transaction().execute(async (tx) => {
    const run = await holdRun(tx, moment.runId)
    if (run === undefined) return undefined
    const now = needs.clock.now()
    // when he published is told nowhere: it was between the last look and this one
    await changeTasks(
      tx,
      published.map(({ runId, number, state: from }) => ({
        ...{ runId, number, from, state: 'confirmed' as const, confirmedAt: now, nextAt: now, remindAt: null },
      })),
    )
    await failTasks(needs, tx, run, unlisted, 'unlisted')
    if (cancelled) return run
    await rest(tx, moment)
    const due = open.filter(({ ending, remindAt }) => ending === null && remindAt !== null && remindAt <= now)
    const zone = await zoneOfCorp(tx, run.corpId)
    await tellStaff(
      tx,
      due.map((task) => reminderOf(run, task, zone)),
      now,
    )
    await changeTasks(
      tx,
      due.map((task) => remindedFrom(run, task)),
    )
    return run
  })
}

/** The platform reminds of no Moment, so it is said through the app: in the member's digest, within its limits. */
function reminderOf(run: Run, { number, sender, reminded, recipients, expiresAt }: Task, zone: string) {
  const { minute } = localTime(expiresAt ?? run.plannedFor, zone)
  const clock = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
  return {
    ...{
      corpId: run.corpId,
      userid: sender,
      kind: 'campaign.publish' as const,
      key: `${run.id}:${number}:${reminded + 1}`,
    },
    values: { 活动: run.campaign, 人数: String(recipients), 截止: clock },
  }
}

function remindedFrom(run: Run, task: Task) {
  const { runId, number, state: from, askedAt, expiresAt } = task
  const reminded = task.reminded + 1
  const limit = { most: run.spec.reminders, windowMs: Number.POSITIVE_INFINITY }
  const remindAt =
    askedAt === null || expiresAt === null
      ? null
      : nextReminder({ askedAt, expiresAt, reminded }, run.spec.reminders, limit)
  return { runId, number, from, state: 'asked' as const, nextAt: null, reminded, remindAt }
}
