import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import type { Tx } from '../../../infra/db/database.ts'
import type { DueItem } from '../../../infra/due/due.ts'
import type { Services } from '../../../infra/services.ts'
import { raiseVoided } from '../approvals/approval.alarms.ts'
import { isApproved } from '../approvals/approval.ts'
import { submissionOf } from '../approvals/approvals.store.ts'
import { type CheckNeeds, checked } from './campaign.check.ts'
import type { Campaign } from './campaign.ts'
import { notApproved } from './campaign.words.ts'
import { addRun, finishedCampaigns, holdCampaign, nextStartOf, openRuns, turnCampaign } from './campaigns.store.ts'
import type { Changed } from './changed.words.ts'
import { changedSince, seenAt } from './facts.store.ts'
import { clearGaveWay } from './gave-way.alarms.ts'
import { inTheWay } from './in-the-way.store.ts'
import { dueStart, firstStart, intoWindow, nextStart } from './schedule.ts'
import { clearSkipped, raiseSkipped } from './skipped.alarms.ts'

/** The operation that fills a run: {runId}. */
export const planKind = 'campaign.plan'
/** A campaign goes out: one item a campaign, of the version that was approved. */
export const startDue = 'campaign.start'

type Starting = CheckNeeds & Pick<Services, 'operations'>

/**
 * The one way in which a campaign goes out: makes a run of its version and begins to plan it. The approval of that very
 * version is looked at in this transaction, while nobody can change the campaign.
 */
export async function startRun(
  services: Starting,
  tx: Tx,
  { id, corpId, version }: Pick<Campaign, 'id' | 'corpId' | 'version'>,
  plannedFor: Date,
): Promise<number> {
  const { operations, clock } = services
  const { campaign, changed } = await startable(services, tx, corpId, id, version)
  if (campaign === undefined || changed.length > 0) throw notApproved()
  const runId = await addRun(tx, campaign, plannedFor, clock.now())
  await turnCampaign(tx, id, 'live', clock.now())
  await operations.begin({ kind: planKind, corpId, input: { runId }, startedBy: 'system' }, tx)
  return runId
}

interface Startable {
  /** Held, if its approval stands; undefined: it does not. */
  readonly campaign?: Campaign
  /** What was changed since it was submitted, of what it names or is checked against. */
  readonly changed: readonly Changed[]
}

async function startable(
  services: CheckNeeds,
  tx: Tx,
  corpId: number,
  id: string,
  version: number,
): Promise<Startable> {
  const campaign = await holdCampaign(tx, corpId, id)
  if (campaign === undefined || campaign.version !== version || campaign.template) return notSo
  if (campaign.state !== 'approved' && campaign.state !== 'live') return notSo
  const submission = await submissionOf(tx, id, version)
  if (submission === undefined || !isApproved(submission)) return notSo
  const { config, clock } = services
  const changed = await changedSince(tx, config, corpId, campaign.spec, seenAt(submission), clock.now())
  const stops = changed.length === 0 && (await isStopped(services, tx, campaign))
  return { campaign, changed: stops ? ['stopped'] : changed }
}

const notSo: Startable = { changed: [] }

/** Whether it would be stopped at its approval now: a word became forbidden, a tag or file went. Its time has come, so that is no fault. */
async function isStopped(services: CheckNeeds, tx: Tx, { corpId, spec }: Campaign): Promise<boolean> {
  const { faults } = await checked(services, tx, corpId, spec)
  return faults.some(({ stops, field }) => stops && !field.startsWith('schedule'))
}

/** An approved campaign goes out when its schedule says so. */
export async function scheduleStart({ clock, due }: Pick<Services, 'clock' | 'due'>, tx: Tx, campaign: Campaign) {
  const { id, corpId, version, spec } = campaign
  const at = firstStart(spec, clock.now(), await zoneOfCorp(tx, corpId))
  if (at !== undefined) await due.schedule(tx, [{ corpId, kind: startDue, key: id, at, payload: { version } }])
}

/** A run before that is in the way is looked at again after this. */
const againMs = 5 * 60_000
/** That it did not go out is told for so long, unless it goes out before. */
const skippedDue = 'campaign.skipped'
const toldMs = 7 * 24 * 3_600_000

type Due = Pick<Services['due'], 'schedule'>

interface DueStart extends Pick<DueItem, 'at' | 'payload'> {
  readonly now: Date
  readonly zone: string
}

interface Decided {
  /** It goes out, as what it was meant for. */
  readonly start?: Date | undefined
  readonly again?: Pick<DueItem, 'at' | 'payload'> | undefined
}

/** What goes out once waits for its window, on another day too where the server was away; what repeats has other times. */
async function decideStart(due: Due, tx: Tx, campaign: Campaign, asked: DueStart): Promise<Decided> {
  const { spec } = campaign
  const { at, payload, now, zone } = asked
  if (spec.schedule.kind === 'recurring') return decideRepeated(due, tx, campaign, asked)
  const open = intoWindow(now, spec.window, zone)
  return open > now ? { again: { at: open, payload } } : { start: at }
}

/**
 * What repeats goes out for a time that has come while it may still, and no earlier run is in its way: for that it waits as long.
 * Times for which it went out no more are told. Its next time is due in any case.
 */
async function decideRepeated(
  due: Due,
  tx: Tx,
  campaign: Campaign,
  { at, payload, now, zone }: DueStart,
): Promise<Decided> {
  const { id, corpId, spec, version } = campaign
  const { meant, waits } = payload
  const { start, missed } = dueStart(spec, typeof meant === 'string' ? new Date(meant) : at, now, zone)
  if (missed.length > 0) {
    const reason = waits === 'open' || waits === 'stopped' ? waits : 'away'
    await raiseSkipped(tx, campaign, { times: missed, zone, reason }, now)
    await due.schedule(tx, [{ corpId, kind: skippedDue, key: id, at: new Date(now.getTime() + toldMs) }])
  }
  const next = nextStart(spec, now, zone)
  const again = next === undefined ? undefined : { at: next, payload: { version } }
  if (start === undefined) {
    // none of its times was kept, and none is to come
    if (next === undefined && campaign.state === 'approved') await turnCampaign(tx, id, 'ended', now)
    return { again }
  }
  const way = await inTheWay(tx, campaign)
  if (way !== undefined) {
    const waiting = { version, meant: start.toISOString(), waits: way }
    return { again: { at: new Date(now.getTime() + againMs), payload: waiting } }
  }
  if (missed.length === 0) await clearSkipped(tx, campaign, now)
  return { start, again }
}

/** Starts what is due: within its window only, and what repeats is due again. */
export function defineCampaignStart(services: Starting & Pick<Services, 'due' | 'log'>): void {
  const { clock, due, log } = services
  defineSkipped(services)
  due.define(startDue, async (items, tx) => {
    for (const { corpId, key, at, payload } of items) {
      const { campaign, changed } = await startable(services, tx, corpId, key, Number(payload.version))
      if (campaign === undefined) {
        log.info({ corpId, campaign: key }, 'a campaign that is not approved any more does not start')
        continue
      }
      if (changed.length > 0) {
        await turnCampaign(tx, key, 'draft', clock.now())
        await raiseVoided(tx, campaign, changed, clock.now())
        continue
      }
      const zone = await zoneOfCorp(tx, corpId)
      const { start, again } = await decideStart(due, tx, campaign, { at, payload, now: clock.now(), zone })
      if (start !== undefined) await startRun(services, tx, campaign, start)
      if (again !== undefined) await due.schedule(tx, [{ corpId, kind: startDue, key, ...again }])
    }
  })
}

/** Told long enough. */
function defineSkipped({ clock, due }: Pick<Services, 'clock' | 'due'>): void {
  due.define(skippedDue, async (items, tx) => {
    for (const { corpId, key } of items) await clearSkipped(tx, { corpId, id: key }, clock.now())
  })
}

/** A live campaign with nothing under way and nothing to come has ended. */
export async function settleCampaigns({ db, clock }: Pick<Services, 'db' | 'clock'>): Promise<void> {
  for (const { id, corpId } of await finishedCampaigns(db, startDue)) {
    await db.transaction().execute(async (tx) => {
      const campaign = await holdCampaign(tx, corpId, id)
      // a run may have begun before it was held
      if (campaign?.state !== 'live' || (await openRuns(tx, id)) > 0) return
      if ((await nextStartOf(tx, startDue, id)) !== null) return
      await turnCampaign(tx, id, 'ended', clock.now())
      await clearGaveWay(tx, campaign, clock.now())
    })
  }
}
