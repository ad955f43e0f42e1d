import type { Client, Priority } from '@nuanyu/wecom'
import { sql } from 'kysely'
import { followEvents } from '../../../infra/events/follow.ts'
import { createRounds, type Rounds } from '../../../infra/rounds.ts'
import type { Services } from '../../../infra/services.ts'
import { watchCapacity } from '../capacity/capacity-watch.ts'
import { watchClosedStores } from '../channels/channel-alarms.ts'
import { countEvents, recountLoads } from '../channels/channel-counts.store.ts'
import { clearLinkAlarms, isQuotaOld } from '../links/link.store.ts'
import { linkKind } from '../links/link-alarms.ts'
import { watchLinkQuota } from '../links/link-watch.ts'
import {
  abandonedCalls,
  type CodeRow,
  codesWithoutPicture,
  pendingCodes,
  pictureWanted,
  savePicture,
} from './code.store.ts'
import { bringUp } from './code-bring-up.ts'
import { callTools } from './code-call.ts'
import { decodePicture, fetchPicture } from './code-picture.ts'
import { refreshCodes, refreshStale } from './code-refresh.ts'

/** How often to look, in machine time: what changes by an event or by the clock is seen within a second. */
const lookMs = 1_000
/** Everything is computed anew this often, so that a change nobody told us of is at the platform within 60 s. */
const sweepMs = 20_000
const recountMs = 60_000
const quotaMs = 5 * 60_000
const callsAtOnce = 6
const batch = 500

export interface ChannelUpkeep extends Pick<Rounds, 'start' | 'stop'> {
  /** One round for all corps: events, desired staff, calls. Answers how many calls' codes were brought up. */
  pass(options?: { sweep?: boolean }): Promise<number>
}

/** Keeps the codes at the platform what they should be. Any number of processes may run it. */
export function createChannelUpkeep(services: Services): ChannelUpkeep {
  const { db, clock, log } = services
  const inFlight = new Set<string>()
  let sweptAt = Number.NEGATIVE_INFINITY
  /** When the members' customers of a corp may be counted anew. */
  const recounted = new Map<number, number>()
  const quotaRead = new Map<number, number>()

  const pass = async ({ sweep = false } = {}): Promise<number> => {
    await followAll()
    let brought = 0
    const { rows } = await sql<{ id: number }>`select id from corps order by id`.execute(db)
    for (const { id } of rows) brought += await tend(id, sweep)
    return brought
  }
  const followAll = async () => {
    for (let read = batch; read === batch && !rounds.isStopped(); ) {
      await services.pressure.calm()
      read = await followEvents(db, 'acquisition.counts', batch, (events, tx) => countEvents(tx, events, clock.now()))
    }
  }
  /** Counts anew what events have moved and syncs have added, at most a hundredth of the time. */
  const recount = async (corpId: number) => {
    const began = performance.now()
    if ((recounted.get(corpId) ?? Number.NEGATIVE_INFINITY) > began) return
    await services.pressure.calm()
    await recountLoads(db, corpId, clock.now())
    const ended = performance.now()
    recounted.set(corpId, ended + Math.max(recountMs, (ended - began) * 100))
  }
  const tend = async (corpId: number, sweep: boolean): Promise<number> => {
    await recount(corpId)
    while ((await refreshStale(db, corpId, clock.now())) > 0 && !rounds.isStopped());
    if (sweep) {
      await refreshCodes(db, corpId, clock.now())
      await watchCapacity(db, corpId, clock.now())
      await watchClosedStores(db, corpId, clock.now())
      await clearLinkAlarms(db, corpId, linkKind, clock.now())
    }
    const client = await services.platform.forCorp(corpId)
    if (client === undefined) return 0
    if (sweep) await quota(corpId, client)
    const tools = (priority: Priority) => callTools(services, client, priority)
    const left = await abandonedCalls(db, corpId, services.processId, [...inFlight])
    await each(left, (code) => bringUp(tools('normal'), code, log))
    let brought = left.length
    for (
      let codes = await pendingCodes(db, corpId, 200);
      codes.length > 0 && !rounds.isStopped();
      codes = await pendingCodes(db, corpId, 200)
    ) {
      // many at once are a bulk creation: they must not stand before the changes of codes in use
      const priority = codes.length > 50 ? 'bulk' : 'normal'
      const progressed = await each(codes, async (code) => {
        await bringUp(tools(priority), code, log)
        await pictureOf(code.id)
      })
      brought += progressed
      if (progressed === 0 || codes.length < 200) break
    }
    await pictures(corpId)
    return brought
  }
  const quota = async (corpId: number, client: Client) => {
    const recently = (quotaRead.get(corpId) ?? Number.NEGATIVE_INFINITY) + quotaMs > performance.now()
    if (recently && !(await isQuotaOld(db, corpId))) return
    try {
      if (await watchLinkQuota(db, client, corpId, clock.now())) quotaRead.set(corpId, performance.now())
    } catch (error) {
      // a corp without the acquisition assistant refuses this: its codes must not wait for it
      quotaRead.set(corpId, performance.now())
      log.warn({ err: error, corpId }, 'the quota of acquisition links could not be read')
    }
  }
  const each = async (codes: readonly CodeRow[], work: (code: CodeRow) => Promise<void>): Promise<number> => {
    const queue = codes.filter((code) => !inFlight.has(code.id))
    let done = 0
    const worker = async () => {
      for (let code = queue.shift(); code !== undefined && !rounds.isStopped(); code = queue.shift()) {
        inFlight.add(code.id)
        try {
          await work(code)
          done++
        } catch (error) {
          log.warn({ err: error, code: code.id }, 'a code could not be brought up; the next round tries again')
        } finally {
          inFlight.delete(code.id)
        }
      }
    }
    await Promise.all(Array.from({ length: callsAtOnce }, worker))
    return done
  }
  const pictures = async (corpId: number) => {
    for (const { id } of await codesWithoutPicture(db, corpId, 500)) {
      if (rounds.isStopped() || !(await pictureOf(id))) return
    }
  }
  /** Stores the platform's picture of a code and what it holds; false: not now, the next round tries again. */
  const pictureOf = async (id: string): Promise<boolean> => {
    const url = await pictureWanted(db, id)
    if (url === undefined) return true
    try {
      const picture = await fetchPicture(url)
      const content = await decodePicture(picture)
      if (content === undefined) throw new Error('the picture holds no readable QR code')
      await savePicture(db, id, picture, content)
      return true
    } catch (error) {
      log.warn({ err: error, code: id }, 'the picture of a code could not be stored; the next round tries again')
      return false
    }
  }
  const timed = (): Promise<number> => {
    const sweep = performance.now() - sweptAt >= sweepMs
    if (sweep) sweptAt = performance.now()
    return pass({ sweep })
  }
  const rounds = createRounds({ everyMs: lookMs, pass: timed, what: 'channel codes', log })
  return { start: rounds.start, stop: rounds.stop, pass }
}
