import { Hono } from 'hono'
import type { Services } from '../../../infra/services.ts'
import { fileContent } from './guide.store.ts'

/** `GET /WW_verify_….txt`: the platform asks for it at the root of the domain [90315]. Open to everybody, as it must be. */
export function ownershipRoutes({ db }: Pick<Services, 'db'>): Hono {
  const app = new Hono()
  app.get('/:name{WW_verify_[A-Za-z0-9]+\\.txt}', async (c) => {
    const content = await fileContent(db, c.req.param('name'))
    return content === undefined ? c.text('not found', 404) : c.text(content)
  })
  return app
}
