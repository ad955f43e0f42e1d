import type { LimitOverrides } from '@nuanyu/wecom'
import { sql } from 'kysely'
import { z } from 'zod'
import { businessDay } from '../../infra/zone.ts'
import { createAudienceUpkeep, defineAudiences } from '../audiences/index.ts'
import { type CustomerStage, customerStage } from '../customers/customer-stage.ts'
import { sound } from './campaigns/campaign-stage.ts'
import { policyRoutes } from './governor/policy.routes.ts'
import type { Policy } from './governor/policy.schema.ts'
import { rehearsalBegun } from './plan/plan.schema.ts'
import { sendStage } from './send-stage.ts'

const rows = z.object({ columns: z.array(z.string()), rows: z.array(z.array(z.union([z.number(), z.string()]))) })
const broadcasts = z.object({
  broadcasts: z.array(
    z.object({ msgid: z.string(), appKey: z.string().nullable(), counts: z.object({ overCap: z.int() }) }),
  ),
})

/** A message that one of our tasks brought to somebody, as the platform's oracle has it. */
export interface Reached {
  readonly who: string
  readonly at: number
  readonly day: string
}

/** A brand on the sandbox, days of which are lived through in steps, with campaigns that compete for its people. */
export interface Competition {
  readonly stage: CustomerStage
  /** Writes, rehearses, submits and agrees to one; it goes out by its schedule. */
  campaign(name: string, more: object): Promise<string>
  policy(rules: Policy): Promise<void>
  /** Lives to this hour of the corp's day: what is due happens here, members confirm there, and what came of it is read. */
  until(day: number, hour: number): Promise<void>
  /** What the oracle says that our tasks brought, and how many the platform refused of them. */
  reached(): Promise<{ readonly reached: readonly Reached[]; readonly refused: number }>
}

export async function competition(overrides: LimitOverrides): Promise<Competition> {
  const { stage, services, due, operations, upkeep, author, approver, ...sends } = await sendStage(
    (site) => customerStage({ ...{ staff: 6, people: 30, relations: 40, clock: { paused: true } }, site }),
    { routes: [policyRoutes] },
  )
  const { db, admin, clock, sandbox, corpId } = stage
  await sql`update corps set limits = ${JSON.stringify(overrides)}::jsonb where id = ${corpId}`.execute(db)
  await admin('PATCH', '/sandbox/settings', {
    limits: { overrides },
    reach: { lastChatRule: 'withoutSender', appeals: [{ contains: '', reads: 0.5, clicks: 0, buys: 0, deletes: 0 }] },
  })
  await stage.sync()
  // audiences read who is there
  defineAudiences(services)
  await createAudienceUpkeep(services).pass()
  let done = 0
  /** What was begun at the same time is worked on at the same time, as several workers do. */
  const work = async () => {
    while (done < operations.begun.length) {
      const some = operations.begun.slice(done)
      done += some.length
      await Promise.all(some.map((one) => operations.run(one.id)))
    }
  }
  await work()
  const start = clock.now()
  const midnight = Date.parse(`${businessDay(start, 'Asia/Shanghai')}T00:00:00+08:00`)
  return {
    stage,
    async campaign(name, more) {
      const spec = { ...sound, holdout_permille: 0, reminders: 0, ...more }
      const id = await sends.write(name, spec)
      ;(await author.post(`/api/campaigns/${id}/rehearse`)).as(rehearsalBegun)
      await work()
      await sends.agree(id)
      return id
    },
    async policy(rules) {
      const made = await approver.post('/api/governor/policies', { name: '全部客户', place: 10, rules, note: '' })
      if (made.status !== 200) throw new Error(`no policy: ${JSON.stringify(made.body)}`)
    },
    async until(day, hour) {
      const wanted = midnight + day * 86_400_000 + hour * 3_600_000
      const ahead = wanted - sandbox.clock.now()
      if (ahead > 0) await admin('POST', '/sandbox/clock', { advanceMs: ahead })
      clock.set(new Date(sandbox.clock.now()))
      await due.run()
      await work()
      await upkeep.pass()
    },
    async reached() {
      const sends = broadcasts.parse(await admin('GET', '/sandbox/oracle/broadcasts?limit=100000')).broadcasts
      const ours = sends.filter(({ appKey }) => appKey !== null)
      const byUs = new Set(ours.map(({ msgid }) => msgid))
      const found = rows.parse(await admin('GET', '/sandbox/oracle/deliveries?limit=100000'))
      const place = (name: string) => found.columns.indexOf(name)
      const [msgid, who, atMs] = [place('msgid'), place('externalUserId'), place('atMs')]
      const reached = found.rows
        .filter((row) => byUs.has(String(row[msgid])))
        .map((row): Reached => {
          const at = Number(row[atMs])
          return { who: String(row[who]), at, day: businessDay(new Date(at), 'Asia/Shanghai') }
        })
      return { reached, refused: ours.reduce((sum, { counts }) => sum + counts.overCap, 0) }
    },
  }
}

/** The most that anybody got of our tasks in a day, and in so many times 24 hours back from any of them. */
export function most(reached: readonly Reached[], span: 'day' | number): number {
  const people = [...Map.groupBy(reached, ({ who }) => who).values()]
  const within = (one: Reached, other: Reached) =>
    span === 'day' ? other.day === one.day : other.at <= one.at && other.at > one.at - span * 86_400_000
  return Math.max(0, ...people.flatMap((his) => his.map((one) => his.filter((other) => within(one, other)).length)))
}
