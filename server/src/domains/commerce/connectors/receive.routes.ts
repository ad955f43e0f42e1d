import { z } from '@hono/zod-openapi'
import { bodyLimit } from 'hono/body-limit'
import { systemClock } from '../../../infra/clock.ts'
import { type Api, createApi } from '../../../infra/http/api.ts'
import type { Services } from '../../../infra/services.ts'
import { connectorOf } from './all.ts'
import { BadSignature, type Facts } from './connector.ts'
import { findConnector, noteFailure, noteProgress } from './connectors.store.ts'
import { wordsOf } from './pull.jobs.ts'
import { noSuchConnector, tooLarge, unreadable, unsigned } from './refusals.ts'
import { createFactTaker, knownTo } from './take.jobs.ts'

const maxBody = 2 * 1_048_576

/** Where other systems post to: signed instead of logged in. */
export function receiveRoutes(services: Pick<Services, 'db' | 'clock' | 'vault'>): Api {
  const { db, clock, vault } = services
  const api = createApi()
  const takeFacts = createFactTaker(services)
  api.post('/callbacks/connectors/:id', bodyLimit({ maxSize: maxBody, onError: tooLarge }), async (c) => {
    const id = z.uuid().safeParse(c.req.param('id'))
    const found = id.success ? await findConnector(db, id.data) : undefined
    const kind = connectorOf(found?.kind ?? '')
    if (found?.secretSealed == null || !found.enabled || kind?.receive === undefined) throw noSuchConnector()
    const body = await c.req.text()
    const now = systemClock.now()
    let facts: Facts
    try {
      facts = await kind.receive(found.config, {
        ...knownTo(services, found.corpId),
        ...{ body, secret: vault.open(found.secretSealed) },
        headers: { get: (name) => c.req.header(name) },
        // the sandbox signs by its own clock, which is ours
        now: clock.now(),
        machineNow: now,
      })
    } catch (error) {
      if (error instanceof BadSignature) throw unsigned()
      await noteFailure(db, found.id, wordsOf(error), now, now)
      throw unreadable(wordsOf(error))
    }
    const progress = await takeFacts({ corpId: found.corpId, cause: `connector:${found.id}` }, facts, null)
    await noteProgress(db, found, progress, now, now)
    return c.json({ accepted: progress.accepted, unchanged: progress.unchanged, rejected: progress.faults.length }, 200)
  })
  return api
}
