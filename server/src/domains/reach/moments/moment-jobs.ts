import type { Client } from '@nuanyu/wecom'
import type { Tx } from '../../../infra/db/database.ts'
import { passes } from '../../customers/index.ts'
import { errcodeOf } from '../run/answers.ts'
import type { RunNeeds } from '../run/launch.ts'
import { holdRun, type Run } from '../run/runs.store.ts'
import { expiryOf, nextReminder, type Task } from '../run/task.ts'
import { changeTasks, tasksOfMoment } from '../run/tasks.store.ts'
import type { Moment } from './moment.ts'
import { jobMs, nobodyToPublish, settleRefused } from './moment-launch.ts'
import { changeMoment } from './moments.store.ts'
import { viewers } from './viewers.ts'

/** A platform that is busy is asked again after this. Business time. */
const laterMs = 60_000
const jobDone = 3
/** The platform forgets a job after a day (95094). */
const noSuchJob = 40058

/** Asks what became of the jobs of these Moments; which Moment it is, is known from then on. */
export async function readJobs(needs: RunNeeds, client: Client, taken: readonly Moment[]): Promise<void> {
  for (const moment of taken) {
    try {
      await readJob(needs, client, moment)
    } catch (error) {
      if (!passes(error)) needs.log.warn({ err: error, moment: moment.effect }, 'a job of a Moment was not read')
      await waitFor(needs, moment, laterMs)
    }
  }
}

const waitFor = ({ db, clock }: RunNeeds, moment: Moment, ms: number) =>
  changeMoment(db, moment, { state: moment.state, nextAt: new Date(clock.now().getTime() + ms) })

async function readJob(needs: RunNeeds, client: Client, moment: Moment): Promise<void> {
  const { db, effects, clock } = needs
  const tasks = await tasksOfMoment(db, moment, ['asking'])
  const answer = await client.moments.result({ jobid: moment.jobid ?? '' }).catch((error: unknown) => {
    if (errcodeOf(error) === noSuchJob) return undefined
    throw error
  })
  // nobody asked for a day: it is found like one whose answer was lost
  if (answer === undefined) return settleRefused(needs, moment, tasks, { kind: 'unknown', why: 'its job is forgotten' })
  const { status, result } = answer
  if (status !== jobDone || result === undefined) return waitFor(needs, moment, jobMs)
  if (result.errcode !== 0 || result.moment_id === undefined) {
    const kind = result.errcode === nobodyToPublish ? ('sender' as const) : ('run' as const)
    return settleRefused(needs, moment, tasks, { kind, why: result.errmsg, errcode: result.errcode })
  }
  const [out, tags] = [
    new Set((result.invalid_sender_list?.user_list ?? []).map((userid) => userid.toLowerCase())),
    result.invalid_external_contact_list?.tag_list ?? [],
  ]
  const momentId = result.moment_id
  await db.transaction().execute(async (tx) => {
    const run = await holdRun(tx, moment.runId)
    if (run === undefined) return
    const now = clock.now()
    await effects.settle(
      tx,
      [{ key: moment.effect ?? '', state: 'done', detail: { moment: momentId, left_out: [...out], tags } }],
      now,
    )
    const asked = tasks.filter(({ sender }) => !out.has(sender.toLowerCase()))
    await changeTasks(
      tx,
      asked.map((task) => askedFrom(run, task, momentId, now)),
    )
    await viewers.noteAsked(tx, asked)
    await failTasks(
      needs,
      tx,
      run,
      tasks.filter((task) => !asked.includes(task)),
      'invalid_sender',
    )
    await changeMoment(tx, moment, {
      ...{ state: 'asked', momentId, nextAt: now },
      ...(tags.length === 0 ? {} : { why: `tags that are none: ${tags.join(', ')}` }),
    })
  })
}

/** What stands of a task from the moment on in which its member sees the Moment. */
export function askedFrom(run: Run, task: Task, msgid: string, now: Date) {
  const askedAt = task.askedAt ?? now
  const expiresAt = expiryOf(task, run.spec, askedAt)
  // the platform reminds of no Moment: we do, through the app, as often as the campaign wants
  const limit = { most: run.spec.reminders, windowMs: Number.POSITIVE_INFINITY }
  const remindAt = nextReminder({ askedAt, expiresAt, reminded: task.reminded }, run.spec.reminders, limit)
  const { runId, number, state: from } = task
  return { runId, number, from, state: 'asked' as const, msgid, expiresAt, remindAt, nextAt: null }
}

/** Their members cannot publish: their people are listed with the reason. The run is held by the caller. */
export async function failTasks(needs: RunNeeds, tx: Tx, run: Run, tasks: readonly Task[], why: string): Promise<void> {
  await changeTasks(
    tx,
    tasks.map(({ runId, number, state }) => ({
      ...{ runId, number, from: state, state: 'failed' as const, nextAt: null, remindAt: null, why },
    })),
  )
  await viewers.notGiven(
    needs,
    tx,
    run,
    tasks.map((task) => ({ task })),
  )
}
