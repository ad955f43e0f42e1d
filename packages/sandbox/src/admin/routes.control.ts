import { Hono } from 'hono'
import { act } from '../console/console.ts'
import type { SiteParts } from '../http/site.ts'
import { enteredAndLeft } from '../people/ranges.ts'
import { bodyOf } from './json.ts'
import { refuse } from './refusal.ts'
import {
  ConsoleAct,
  type ConsoleDone,
  type FaultsResponse,
  NewFault,
  ScenarioOptions,
  type ScenariosResponse,
  SettingsPatch,
} from './schema.ts'

/** Faults, settings, scenarios. */
export function controlRoutes({ platform, scenarios }: SiteParts): Hono {
  const { faults, settings } = platform
  const routes = new Hono()
  const allFaults = (): FaultsResponse => ({ faults: [...faults.list()] })

  routes.get('/faults', (c) => c.json(allFaults()))
  routes.post('/faults', async (c) => {
    faults.add(await bodyOf(c, NewFault))
    return c.json(allFaults(), 201)
  })
  routes.delete('/faults', (c) => {
    faults.clear()
    return c.json(allFaults())
  })
  routes.delete('/faults/:id', (c) => {
    if (!faults.remove(c.req.param('id'))) throw refuse(404, 'fault_unknown', `there is no fault ${c.req.param('id')}`)
    return c.json(allFaults())
  })

  routes.get('/settings', (c) => c.json(settings.value))
  routes.patch('/settings', async (c) => {
    const patch = await bodyOf(c, SettingsPatch)
    const tell = enteredAndLeft(platform)
    try {
      settings.patch(patch)
    } catch (error) {
      if (error instanceof TypeError) throw refuse(400, 'malformed', error.message)
      throw error
    }
    tell()
    return c.json(settings.value)
  })

  routes.post('/console', async (c) => {
    const id = act(platform, await bodyOf(c, ConsoleAct))
    return c.json({ ok: true, ...(id === undefined ? {} : { id }) } satisfies ConsoleDone)
  })

  const allScenarios = (): ScenariosResponse => ({ scenarios: scenarios.list() })
  routes.get('/scenarios', (c) => c.json(allScenarios()))
  routes.post('/scenarios/:name/start', async (c) => {
    scenarios.start(c.req.param('name'), await bodyOf(c, ScenarioOptions))
    return c.json(allScenarios())
  })
  routes.post('/scenarios/:name/stop', (c) => {
    scenarios.stop(c.req.param('name'))
    return c.json(allScenarios())
  })
  return routes
}
