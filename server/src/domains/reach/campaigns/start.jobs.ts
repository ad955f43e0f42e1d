import { zoneOfCorp } from '../../../infra/corp-zone.store.ts'
import type { Tx } from '../../../infra/db/database.ts'
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
import { firstStart, intoWindow, nextStart } from './schedule.ts'

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

/** Starts what is due: within its window only, and what repeats is due again. */
export function defineCampaignStart(services: Starting & Pick<Services, 'due' | 'log'>): void {
  const { clock, due, log } = services
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
      const again = (next: Date) => due.schedule(tx, [{ corpId, kind: startDue, key, at: next, payload }])
      // the server was away when it was due: it waits for the window of another day
      const open = intoWindow(clock.now(), campaign.spec.window, zone)
      if (open > clock.now()) {
        await again(open)
        continue
      }
      await startRun(services, tx, campaign, at)
      const next = nextStart(campaign.spec, clock.now(), zone)
      if (next !== undefined) await again(next)
    }
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
