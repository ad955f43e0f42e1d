import { sql } from 'kysely'
import { v7 as uuid } from 'uuid'
import { z } from 'zod'
import type { CampaignSpec } from '../campaigns/campaign.schema.ts'
import { reserveTouches } from '../governor/reservations.store.ts'
import { type RunStage, runStage } from '../run/run-stage.ts'
import type { MomentState } from './moment.ts'

const views = z.object({ rows: z.array(z.array(z.union([z.number(), z.string()]))) })
const oracle = z.object({
  moments: z.array(
    z.object({
      ...{ momentId: z.string(), text: z.string(), cancelled: z.boolean() },
      members: z.object({ asked: z.number(), published: z.number() }),
    }),
  ),
})
const feed = z.object({
  moments: z.array(
    z.object({
      ...{
        momentId: z.string(),
        images: z.array(z.string()),
        likes: z.array(z.unknown()),
        comments: z.array(z.unknown()),
      },
      link: z.object({ title: z.string(), url: z.string() }).optional(),
    }),
  ),
})

export interface MomentRow {
  readonly number: number
  readonly state: MomentState
  readonly attempt: number
  readonly momentId: string | null
  readonly pastIds: readonly string[]
  readonly canary: boolean
}

export interface PartRow {
  readonly number: number
  readonly moment: number
  readonly state: string
  readonly sender: string
  readonly msgid: string | null
  readonly recipients: number
  readonly sent: number
  readonly beside: number
  readonly likes: number
  readonly comments: number
  readonly canary: boolean
  readonly reminded: number
  readonly why: string | null
}

export interface MomentStage extends Omit<RunStage, 'tasks'> {
  /** A run that is planned and marked: a Moment by a tag of its own for all of its members, of a canary one more. */
  ready(spec?: Partial<CampaignSpec>, shape?: { readonly canaryTasks?: number }): Promise<number>
  /** A run of a Moment by a corp tag that these carry already, at these members; nobody is planned by name. */
  byTag(carriers: readonly Carrier[], senders: readonly string[]): Promise<number>
  /** A corp tag on these relations. */
  tag(carriers: readonly Carrier[]): Promise<string>
  relations(): Promise<readonly Carrier[]>
  recipients(runId: number): Promise<readonly RecipientRow[]>
  moments(runId: number): Promise<readonly MomentRow[]>
  parts(runId: number): Promise<readonly PartRow[]>
  /** A member publishes, whatever his habits. */
  publish(part: PartRow): Promise<unknown>
  publishAll(runId: number): Promise<void>
  /** To whose eyes Moments came at the platform: external_userid, Moment and who published it. */
  seen(): Promise<readonly { readonly id: string; readonly momentId: string; readonly userid: string }[]>
  truths(): Promise<z.output<typeof oracle>['moments']>
  /** What a member sees of a Moment on his phone. */
  shown(userid: string, momentId: string): Promise<z.output<typeof feed>['moments'][number] | undefined>
  /** Likes and comments under what a member published, as the platform has them now. */
  applause(userid: string, momentId: string): Promise<{ readonly likes: number; readonly comments: number }>
}

export interface RecipientRow {
  readonly customerId: number
  readonly id: string
  readonly sender: string
  readonly fate: number
  readonly status: number | null
  readonly sentAt: Date | null
}

export interface Carrier {
  readonly userid: string
  readonly externalUserid: string
}

const momentSpec: Partial<CampaignSpec> = { kind: 'moment', moment: { tags: [] }, marketing: true }

/** Runs of Moments with the sandbox as the platform: from ready on; who makes them so is played by the stage. */
export async function momentStage(options: Parameters<typeof runStage>[0] = {}): Promise<MomentStage> {
  const stage = await runStage(options)
  const { db, corpId, client, admin } = stage
  const makeReady = async (
    runId: number,
    number: number,
    canary: boolean,
    tags: readonly string[],
    ownTag: boolean,
  ) => {
    await sql`
      insert into campaign_moments (run_id, number, corp_id, variant, canary, tags, own_tag, state)
      values (${runId}, ${number}, ${corpId}, 0, ${canary}, ${[...tags]}::text[], ${ownTag}, 'ready')`.execute(db)
    await sql`update campaign_tasks set moment = ${number} where run_id = ${runId} and canary = ${canary}`.execute(db)
  }
  const tag: MomentStage['tag'] = async (carriers) => {
    const { tag_group } = await client.tags.add({ group_name: `触达${uuid()}`.slice(0, 30), tag: [{ name: '这一次' }] })
    const id = tag_group.tag[0]?.id
    if (id === undefined) throw new Error('no tag was made')
    for (const { userid, externalUserid } of carriers)
      await client.tags.mark({ userid, external_userid: externalUserid, add_tag: [id] })
    return id
  }
  const shown: MomentStage['shown'] = async (userid, momentId) =>
    feed.parse(await admin('GET', `/sandbox/people/${userid}/moments`)).moments.find((one) => one.momentId === momentId)
  return {
    ...stage,
    tag,
    async ready(spec = {}, { canaryTasks = 0 } = {}) {
      const runId = await stage.planned({ ...momentSpec, ...spec }, { canaryTasks })
      for (const canary of canaryTasks > 0 ? [true, false] : [false]) {
        const { rows } = await sql<Carrier>`
          select r.sender as userid, r.external_userid as "externalUserid" from campaign_recipients r
          join campaign_tasks t on t.run_id = r.run_id and t.number = r.task
          where r.run_id = ${runId} and t.canary = ${canary}`.execute(db)
        await makeReady(runId, canary ? 0 : 1, canary, [await tag(rows)], true)
      }
      await db.transaction().execute((tx) => reserveTouches(tx, runId))
      return runId
    },
    async byTag(carriers, senders) {
      const tags = [await tag(carriers)]
      const runId = await stage.planned({ ...momentSpec, moment: { tags }, whom: null })
      await sql`delete from campaign_recipients where run_id = ${runId}`.execute(db)
      await sql`delete from campaign_tasks where run_id = ${runId} and sender <> all(${[...senders]}::text[])`.execute(
        db,
      )
      await sql`update campaign_tasks set recipients = 0 where run_id = ${runId}`.execute(db)
      await makeReady(runId, 0, false, tags, false)
      return runId
    },
    relations: async () => {
      const { rows } = await sql<Carrier>`
        select r.userid, r.external_userid as "externalUserid" from relations r join staff s on s.corp_id = r.corp_id and s.userid = r.userid
        where r.corp_id = ${corpId} and r.status = 'alive' and s.gone_at is null order by 1, 2`.execute(db)
      return rows
    },
    recipients: async (runId) => {
      const { rows } = await sql<RecipientRow>`
        select customer_id as "customerId", external_userid as id, sender, fate, status, sent_at as "sentAt" from campaign_recipients
        where run_id = ${runId} order by customer_id`.execute(db)
      return rows
    },
    moments: async (runId) => {
      const { rows } = await sql<MomentRow>`
        select number, state, attempt, moment_id as "momentId", past_ids as "pastIds", canary from campaign_moments
        where run_id = ${runId} order by number`.execute(db)
      return rows
    },
    parts: async (runId) => {
      const { rows } = await sql<PartRow>`
        select number, moment, state, sender, msgid, recipients, sent, beside, likes, comments, canary, reminded, why
        from campaign_tasks where run_id = ${runId} order by number`.execute(db)
      return rows
    },
    publish: ({ sender, msgid }) => admin('POST', `/sandbox/people/${sender}/moments/${msgid}/publish`),
    async publishAll(runId) {
      const { rows } = await sql<PartRow>`
        select sender, msgid from campaign_tasks where run_id = ${runId} and state = 'asked' order by number`.execute(
        db,
      )
      for (const { sender, msgid } of rows)
        await admin('POST', `/sandbox/people/${sender}/moments/${msgid}/publish`).catch((error: unknown) => {
          // he did by his own habit, and we have not looked since
          if (!String(error).includes('"code":"published"')) throw error
        })
    },
    seen: async () =>
      views
        .parse(await admin('GET', '/sandbox/oracle/moment-views?limit=100000'))
        .rows.map((row) => ({ momentId: String(row[1]), userid: String(row[2]), id: String(row[3]) })),
    truths: async () => oracle.parse(await admin('GET', '/sandbox/oracle/moments?limit=10000')).moments,
    shown,
    applause: async (userid, momentId) => {
      const own = await shown(userid, momentId)
      return { likes: own?.likes.length ?? 0, comments: own?.comments.length ?? 0 }
    },
  }
}
