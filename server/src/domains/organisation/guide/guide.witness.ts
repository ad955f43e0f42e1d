import type { MiddlewareHandler } from 'hono'
import type { Services } from '../../../infra/services.ts'
import { noteWitness } from './guide.witness.store.ts'

/** How our own test of an address names itself, so that it does not pass for the platform's. */
export const selfTestAgent = 'nuanyu-self-test'

/**
 * Stands before the callback addresses and notes what only happens there: that the platform verified an address, and
 * requests that could not be opened (wrong token or key). Costs the usual callback nothing.
 */
export function callbackWitness({ db, clock, log }: Pick<Services, 'db' | 'clock' | 'log'>): MiddlewareHandler {
  return async (c, next) => {
    await next()
    const verified = c.req.method === 'GET' && c.res.status === 200
    if (!verified && c.res.status !== 400) return
    if (c.req.header('user-agent') === selfTestAgent) return
    const [corpid, appKey] = c.req.path.split('/').slice(3)
    const code = verified ? undefined : await refusalCode(c.res)
    if (corpid === undefined || appKey === undefined || (!verified && code === undefined)) return
    await noteWitness(db, corpid, appKey, code, clock.now()).catch((error: unknown) =>
      log.warn({ err: error }, 'what happened at a callback address was not noted'),
    )
  }
}

/** The official code (−40001 …) of a refused callback; undefined: refused for another reason. */
async function refusalCode(response: Response): Promise<number | undefined> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined)
  if (typeof body !== 'object' || body === null || !('details' in body)) return undefined
  const { details } = body
  if (typeof details !== 'object' || details === null || !('code' in details)) return undefined
  return typeof details.code === 'number' ? details.code : undefined
}
