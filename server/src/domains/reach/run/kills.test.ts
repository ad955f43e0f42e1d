import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import { beforeAll, expect, it } from 'vitest'
import { presenceChanged } from '../../organisation/index.ts'
import { runStage, type StageGroup } from './run-stage.ts'

type Wire = typeof fetch
/** What becomes of a call: the process dies before it is heard, or after; or the token is no longer good. */
type Fault = 'unheard' | 'heard' | 'revoked'

const stage = await runStage({ staff: 3, people: 8, relations: 14 })
const { db, corpId } = stage
const send = /\/cgi-bin\/externalcontact\/([a-z_]*groupmsg[a-z_0-9]*|add_msg_template)/

const groups: StageGroup[] = []

beforeAll(async () => {
  await stage.sync()
  for (const { userid } of await stage.people('staff'))
    for (const name of ['社区群', '闺蜜群']) groups.push(await stage.group(name, userid))
})

/** What a kind of send is here: how it is planned, whom the oracle saw it reach, and of whom we say that he got it. */
interface Kind {
  plan(): Promise<number>
  readonly reached: 'customers' | 'groups'
  got(runId: number): Promise<readonly string[]>
}
const spec = { expires_hours: 2 }
const kinds: Readonly<Record<'customer_send' | 'group_send', Kind>> = {
  customer_send: {
    plan: () => stage.planned(spec, { perTask: 30 }),
    reached: 'customers',
    got: async (runId) => {
      const { rows } = await sql<{ id: string }>`
        select external_userid as id from campaign_recipients where run_id = ${runId} and fate = 0 and status = 1`.execute(
        db,
      )
      return rows.map(({ id }) => id)
    },
  },
  group_send: {
    plan: () => stage.plannedFor(groups, spec),
    reached: 'groups',
    got: async (runId) => {
      const { rows } = await sql<{ id: string }>`
        select chat_id as id from campaign_groups where run_id = ${runId} and fate = 0 and status = 1`.execute(db)
      return rows.map(({ id }) => id)
    },
  },
}

/** The nth call of this name meets the fault. The second that asks loses its answer, so that it is sought. */
function wireWith(step: string, nth: number, fault: Fault) {
  const never = new Promise<Response>(() => undefined)
  let [calls, asks, dead] = [0, 0, false]
  let died: () => void = () => undefined
  let met = false
  const death = new Promise<void>((resolve) => {
    died = resolve
  })
  const wire: Wire = async (input, init) => {
    if (dead) return never
    const what = send.exec(String(input))?.[1]
    if (what === undefined) return fetch(input, init)
    if (what === step) calls += 1
    if (what === step && calls === nth && !met) {
      met = true
      if (fault === 'revoked') return Response.json({ errcode: 42001, errmsg: 'access_token expired' })
      if (fault === 'heard') await (await fetch(input, init)).arrayBuffer()
      dead = true
      died()
      return never
    }
    if (what === 'add_msg_template') {
      asks += 1
      if (asks === 2) {
        await (await fetch(input, init)).arrayBuffer()
        throw new TypeError('the answer was lost')
      }
    }
    return fetch(input, init)
  }
  return { wire, death, met: () => met }
}

/** A whole run: asked, one answer lost and found again, one member goes on leave, the others confirm, results are read. */
async function wholeRun(kind: Kind, step: string, nth: number, fault: Fault): Promise<boolean> {
  await sql`delete from staff_leaves`.execute(db)
  const before = (await stage.broadcasts()).length
  const runId = await kind.plan()
  const { wire, death, met } = wireWith(step, nth, fault)
  let alive = true
  stage.restart(wire)
  const until = async (act: () => Promise<unknown>) => {
    if (!alive) {
      // another process takes over what the dead one had in hand, and what it took while it died
      await stage.leasesEnd()
      return void (await act())
    }
    const work = act()
    await Promise.race([work, death.then(() => (alive = false))])
    if (alive) return
    stage.restart()
  }
  await stage.begin(runId)
  await until(() => stage.round())
  await until(() => stage.pass(2))
  const absent = (await stage.tasks(runId)).find(({ state }) => state === 'asked')?.sender
  if (absent !== undefined) {
    const now = stage.clock.now()
    await sql`insert into staff_leaves (id, corp_id, userid, from_at, until_at, set_by, set_at)
      values (${uuid()}, ${corpId}, ${absent}, ${now}, ${new Date(now.getTime() + 7 * 86_400_000)}, 'x', ${now})`.execute(
      db,
    )
    await presenceChanged(db, corpId, [absent], now)
    await stage.due()
  }
  for (let rounds = 0; rounds < 30 && !(await stage.run(runId)).ended; rounds += 1) {
    await until(() => stage.pass(7))
    const open = (await stage.tasks(runId)).filter(({ state, ending }) => state === 'asked' && ending === null)
    // what the platform has taken back meanwhile it refuses
    for (const { sender, msgid } of open) await stage.confirm(sender, msgid ?? '').catch(() => undefined)
  }
  expect(await stage.run(runId)).toMatchObject({ state: 'ended', ended: true })
  const mine = new Set((await stage.broadcasts()).slice(before).map(({ msgid }) => msgid))
  const got = (await stage.delivered(kind.reached)).filter(([, msgid]) => mine.has(msgid)).map(([id]) => id)
  expect(new Set(got).size).toBe(got.length)
  // it speaks of something, and what the platform did is what we say of it, of each
  expect(got.length).toBeGreaterThan(0)
  expect(got.toSorted()).toEqual((await kind.got(runId)).toSorted())
  const tasks = await stage.tasks(runId)
  const over = ['confirmed', 'failed', 'cancelled']
  expect(tasks.filter(({ state }) => !over.includes(state))).toEqual([])
  return met()
}

const steps = [
  ['asking', 'add_msg_template'],
  ['seeking what was lost', 'get_groupmsg_list_v2'],
  ['polling', 'get_groupmsg_task'],
  ['taking back, before it is reassigned', 'cancel_groupmsg_send'],
  ['reading results', 'get_groupmsg_send_result'],
] as const
const faults = ['heard', 'unheard', 'revoked'] as const

const cases = (['customer_send', 'group_send'] as const).flatMap((kind) =>
  steps.flatMap(([what, step]) => faults.map((fault) => [kind, what, fault, step] as const)),
)

it.each(cases)(
  'a %s reaches nobody twice, and everybody who is left to its members, though a process is stopped at %s (%s)',
  { timeout: 120_000 },
  async (kind, _, fault, step) => {
    expect(await wholeRun(kinds[kind], step, 1, fault)).toBe(true)
    // later ones too, as far as a run has them
    await wholeRun(kinds[kind], step, 2, fault)
  },
)

it.each(['heard', 'unheard'] as const)(
  'a member is reminded no more often than wanted, though a process is stopped at it (%s)',
  async (fault) => {
    await sql`delete from staff_leaves`.execute(db)
    const runId = await stage.planned({ expires_hours: 4, reminders: 1 }, { perTask: 30 })
    const before = await stage.calls('/remind_groupmsg_send')
    const { wire, death } = wireWith('remind_groupmsg_send', 2, fault)
    stage.restart(wire)
    await stage.begin(runId)
    await stage.round()
    const asked = (await stage.tasks(runId)).length
    expect(asked).toBeGreaterThan(1)
    await stage.pass(60)
    await Promise.race([stage.pass(62), death])
    stage.restart()
    await stage.leasesEnd()
    for (let passed = 0; passed < 60; passed += 10) await stage.pass(10)
    const calls = (await stage.calls('/remind_groupmsg_send')) - before
    // one too few is better than one too many
    expect(calls).toBe(fault === 'heard' ? asked : asked - 1)
    expect((await stage.tasks(runId)).map(({ reminded }) => reminded)).toEqual(Array.from({ length: asked }, () => 1))
  },
)
