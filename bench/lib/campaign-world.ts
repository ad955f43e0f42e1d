import { once } from 'node:events'
import { type Client, createClient, memoryBudget, memoryTokenStore } from '@nuanyu/wecom'
import { sql } from 'kysely'
import { saveApp, saveCorp } from '../../server/src/domains/organisation/index.ts'
import { beginRun, createRunUpkeep, defineSteering } from '../../server/src/domains/reach/index.ts'
import { followingClock } from '../../server/src/infra/clock.ts'
import { loadConfig } from '../../server/src/infra/config.ts'
import { numberArray, textArray } from '../../server/src/infra/db/arrays.ts'
import { openDatabase } from '../../server/src/infra/db/database.ts'
import { migrate } from '../../server/src/infra/db/migrate.ts'
import { createLog } from '../../server/src/infra/log.ts'
import { startEmbeddedPostgres } from '../../server/src/infra/postgres/index.ts'
import { changeSandboxClock, readSandboxClock } from '../../server/src/infra/sandbox-clock.ts'
import { openServices } from '../../server/src/services.ts'
import { ask, startSandboxProcess } from './brand.ts'
import { freePort } from './processes.ts'

const quiet = { info: () => undefined, warn: () => undefined }

/** One member and customers of his, as the sandbox knows them. */
interface Asked {
  readonly sender: string
  readonly customers: readonly string[]
}

/** A run that is planned over people of a sandbox, and the process that carries it out: this one. */
export type CampaignWorld = Awaited<ReturnType<typeof campaignWorld>>

/**
 * A sandbox in a process of its own, PostgreSQL, and in this process what a worker has. Nothing is synced: a run of
 * `recipients` people is written with its tasks, at most so many people each, straight from the sandbox's own lists.
 */
export async function campaignWorld(
  folder: string,
  size: { readonly staff: number; readonly people: number; readonly recipients: number; readonly perTask: number },
  say: (text: string) => void,
) {
  const postgres = await startEmbeddedPostgres({ dataDir: folder, log: quiet })
  const sandboxPort = await freePort()
  const sandbox = await startSandboxProcess(sandboxPort, size)
  const sandboxUrl = `http://127.0.0.1:${sandboxPort}`
  const database = openDatabase(postgres.url, { max: 16 })
  await migrate(database.pool)
  const clock = followingClock()
  const readClock = async () => {
    const { nowMs, rate } = await readSandboxClock(sandboxUrl)
    clock.follow({ machineMs: Date.now(), businessMs: nowMs, rate })
  }
  await readClock()
  const config = { ...loadConfig({ PORT: '3000', DATA_DIR: folder }), sandboxUrl }
  const opened = await openServices(config, database, clock, createLog('silent'), sandboxUrl)
  const { services } = opened
  const { corps } = await ask<{ corps: { corpId: string; apps: { appKey: string; secret: string }[] }[] }>(
    `${sandboxUrl}/sandbox/corps`,
  )
  const [brand] = corps
  const secret = brand?.apps.find((app) => app.appKey === 'nuanyu')?.secret ?? ''
  const corp = await saveCorp(services.db, { corpid: brand?.corpId ?? '', name: 'Bench' }, clock.now())
  const app = { corpId: corp.id, appKey: 'nuanyu', kind: 'app' as const, name: 'Bench', secret }
  await saveApp(services.db, services.vault, app, clock.now())
  await opened.listener.start()
  await set(sandboxUrl, { habits: { prompt: 0, late: 0 }, lastChatRule: 'withoutSender' })
  const client = createClient({
    ...{ baseUrl: sandboxUrl, corpId: brand?.corpId ?? '', appKey: 'nuanyu', secret },
    ...{ tokens: memoryTokenStore(), budget: memoryBudget() },
  })
  const asked = await listed(client, size.recipients, size.perTask)
  const runId = await write(services.db, corp.id, asked, clock.now())
  say(`${asked.length} tasks planned for ${asked.reduce((sum, one) => sum + one.customers.length, 0)} people`)
  const upkeep = createRunUpkeep(services)
  defineSteering(services)
  return {
    ...{ services, database, sandboxUrl, runId, client, upkeep, tasks: asked.length },
    begin: () => services.db.transaction().execute((tx) => beginRun(services, tx, runId)),
    set: (reach: object) => set(sandboxUrl, reach),
    async pass(minutes: number): Promise<void> {
      await changeSandboxClock(sandboxUrl, { advanceMs: minutes * 60_000 })
      await readClock()
    },
    async stop(): Promise<void> {
      await upkeep.stop()
      await opened.listener.stop()
      await opened.registration.leave()
      await opened.closeBudget()
      await database.close()
      sandbox.kill('SIGTERM')
      await once(sandbox, 'close')
      await postgres.stop()
    },
  }
}

async function set(sandboxUrl: string, reach: object): Promise<void> {
  await ask(`${sandboxUrl}/sandbox/settings`, { reach }, 'PATCH')
}

/** Each customer with one member, in tasks. */
async function listed(client: Client, recipients: number, perTask: number): Promise<readonly Asked[]> {
  const { follow_user } = await client.customers.listFollowUsers({})
  const seen = new Set<string>()
  const asked: Asked[] = []
  for (const userid of follow_user) {
    if (seen.size >= recipients) break
    const { external_userid } = await client.customers.listExternalUserIds({ userid })
    const his = external_userid.filter((id) => !seen.has(id)).slice(0, recipients - seen.size)
    for (const id of his) seen.add(id)
    for (let from = 0; from < his.length; from += perTask)
      asked.push({ sender: userid, customers: his.slice(from, from + perTask) })
  }
  return asked
}

const spec = {
  ...{ kind: 'customer_send', marketing: true, goal: null, whom: { rule: { all: [] } }, schedule: { kind: 'now' } },
  ...{ exclusions: [], window: null, expires_hours: 24, senders: { set: null, most: null }, canary: null },
  ...{ holdout_permille: 0, reminders: 0, governed: { when_capped: 'drop', wait_hours: 0, priority: 5 } },
  variants: [
    {
      ...{ name: 'A', for: null, share: 1 },
      content: { text: '{品牌}上新，点 https://example.com/a 看看。不想再收到：{少打扰}', attachments: [] },
    },
  ],
}
const campaignId = '0199a0a0-0000-7000-8000-0000000000c1'

type Db = Awaited<ReturnType<typeof openServices>>['services']['db']

async function write(db: Db, corpId: number, asked: readonly Asked[], at: Date): Promise<number> {
  await db
    .insertInto('campaigns')
    .values({ id: campaignId, corp_id: corpId, name: 'Bench', state: 'live', created_at: at, changed_at: at })
    .execute()
  await db
    .insertInto('campaign_versions')
    .values({ campaign_id: campaignId, version: 1, spec: JSON.stringify(spec), changed_at: at })
    .execute()
  const { id: runId } = await db
    .insertInto('campaign_runs')
    .values({ corp_id: corpId, campaign_id: campaignId, version: 1, state: 'planned', planned_for: at, created_at: at })
    .returning('id')
    .executeTakeFirstOrThrow()
  const partition = `campaign_recipients_${runId}`
  await sql`create table ${sql.table(partition)} partition of campaign_recipients for values in (${sql.lit(runId)})`.execute(
    db,
  )
  let customer = 1
  for (let from = 0; from < asked.length; from += 1_000) {
    const part = asked.slice(from, from + 1_000)
    const people = part.flatMap(({ sender, customers }, place) =>
      customers.map((external_userid) => ({ task: from + place, sender, external_userid, customer_id: customer++ })),
    )
    await sql`
      insert into campaign_recipients (run_id, customer_id, corp_id, fate, bucket, variant, sender, external_userid, task)
      select ${runId}::int, customer_id, ${corpId}::int, 0, 0, 0, sender, external_userid, task from unnest(
        ${numberArray(people.map((one) => one.customer_id))}::bigint[], ${textArray(people.map((one) => one.sender))}::text[],
        ${textArray(people.map((one) => one.external_userid))}::text[], ${numberArray(people.map((one) => one.task))}::int[]
      ) as n(customer_id, sender, external_userid, task)`.execute(db)
    await db
      .insertInto('campaign_tasks')
      .values(
        part.map(({ sender, customers }, place) => ({
          ...{ run_id: runId, number: from + place, corp_id: corpId, variant: 0, sender, recipients: customers.length },
        })),
      )
      .execute()
  }
  await sql`create unique index on ${sql.table(partition)} (customer_id)`.execute(db)
  await sql`create index on ${sql.table(partition)} (task)`.execute(db)
  await sql`analyze ${sql.table(partition)}`.execute(db)
  return runId
}
