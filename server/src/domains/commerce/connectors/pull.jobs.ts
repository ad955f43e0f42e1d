import { ZodError } from 'zod'
import { type Clock, systemClock } from '../../../infra/clock.ts'
import { isDatabaseAway } from '../../../infra/db/away.ts'
import type { Said } from '../../../infra/errors.ts'
import { createRounds, type Rounds } from '../../../infra/rounds.ts'
import type { Services } from '../../../infra/services.ts'
import { connectorOf, folderOf, pulledKinds } from './all.ts'
import { ConnectorFault } from './connector.ts'
import { noteFailure, noteProgress, type StoredConnector, takeDueConnector } from './connectors.store.ts'
import { createFactTaker, knownTo } from './take.jobs.ts'

type Needs = Pick<Services, 'db' | 'clock' | 'vault' | 'config' | 'log'>

const lookMs = 1_000
const pagesAtOnce = 20
const slowestMs = 600_000

/**
 * Pulls from every connector that is due, one after the other; what fails waits twice as long each time. A round
 * answers how many were due.
 */
export function createConnectorUpkeep(services: Needs, machine: Clock = systemClock): Rounds<number> {
  const { db, log } = services
  const take = createFactTaker(services)

  const pull = async (stored: StoredConnector): Promise<void> => {
    const kind = connectorOf(stored.kind)
    if (kind?.pull === undefined) return
    let at = stored
    for (let page = 0; page < pagesAtOnce && !rounds.isStopped(); page += 1) {
      const pulled = await kind.pull(stored.config, {
        ...knownTo(services, stored.corpId),
        cursor: at.cursor,
        ...{ now: machine.now(), brandNow: services.clock.now() },
        folder: folderOf(services.config, stored.id),
        fetch,
      })
      const teller = { corpId: stored.corpId, cause: `connector:${stored.id}` }
      const progress = await take(teller, pulled.facts, stored.replayFrom)
      const next = new Date(machine.now().getTime() + (pulled.more ? 0 : kind.everyMs))
      await noteProgress(db, at, { ...progress, cursor: pulled.cursor, caughtUp: !pulled.more }, machine.now(), next)
      at = { ...at, cursor: pulled.cursor }
      if (!pulled.more) return
    }
  }
  const pass = async (): Promise<number> => {
    for (let done = 0; ; done += 1) {
      const stored = rounds.isStopped() ? undefined : await takeDueConnector(db, pulledKinds, machine.now())
      if (stored === undefined) return done
      try {
        await pull(stored)
      } catch (error) {
        if (isDatabaseAway(error)) throw error
        log.warn({ err: error, connector: stored.id }, 'a connector could not be read')
        const wait = Math.min(slowestMs, 5_000 * 2 ** Math.min(stored.failures, 10))
        await noteFailure(db, stored.id, wordsOf(error), machine.now(), new Date(machine.now().getTime() + wait))
      }
    }
  }
  const rounds = createRounds({ everyMs: lookMs, pass, what: 'connectors', log })
  return rounds
}

export function wordsOf(error: unknown): Said {
  if (error instanceof ConnectorFault) return error.said
  if (error instanceof ZodError)
    return {
      zh: `收到的内容不是预期的样子：${error.issues[0]?.path.join('.') ?? ''}`,
      en: `What came has another shape than expected: ${error.issues[0]?.path.join('.') ?? ''}`,
    }
  const cause =
    error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error)
  return { zh: `连接不上：${cause}`.slice(0, 300), en: `It cannot be reached: ${cause}`.slice(0, 300) }
}
