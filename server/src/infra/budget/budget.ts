import type { Budget, LimitProfile } from '@nuanyu/wecom'
import type { Log } from '../log.ts'
import { type Forecast, forecast } from './forecast.ts'
import { createLane, type Lane } from './lane.ts'
import { type BudgetKey, keyText, type LeaseSource, type MachineClock, machineClock, type Survey } from './leases.ts'
import { concurrencyRule, corpRule, sourceRule } from './rules.ts'
import { createStock, type Stock } from './stock.ts'

/**
 * Keeps all processes together within the platform's limits: a minute and an hour per corp and API, per source address
 * and API, and a number of calls at the same time. Within one API it orders by priority, then deadline, and refuses at
 * once who cannot be served in time.
 */
export interface SharedBudget {
  /** The budget of one corp, for its clients. */
  of(corpId: number, limits: LimitProfile): Budget
  forecast(corpId: number, path: string, limits: LimitProfile): Promise<Forecast>
  /** The forecasts of all APIs that the corp called in the last hour, the most used first. */
  use(corpId: number, limits: LimitProfile): Promise<readonly ApiUse[]>
  /** Calls of this process: for the status page. */
  load(): readonly { corpId: number; path: string; waiting: number; running: number }[]
  stop(): void
}

export interface ApiUse extends Forecast {
  readonly path: string
}

export interface SharedBudgetOptions {
  readonly source: LeaseSource
  readonly log: Log
  readonly clock?: MachineClock
}

const surveyMs = 5_000
/** All processes of one installation leave from one address unless the platform sees it otherwise. */
const sourceName = 'default'

export function createSharedBudget({ source, log, clock = machineClock }: SharedBudgetOptions): SharedBudget {
  const stocks = new Map<string, Stock>()
  const lanes = new Map<string, { lane: Lane; corpId: number; path: string; limits: LimitProfile }>()
  let survey: Survey = { processes: 1, corps: 1 }
  let away = false
  let stopped = false

  const sharers = () => Math.max(1, survey.processes)
  const look = () => {
    source
      .survey()
      .then((seen) => {
        survey = seen
        for (const { lane, path, limits } of lanes.values()) {
          lane.setLimits(corpRule(path, limits), concurrencyRule(path, limits, sharers()))
        }
        if (away) log.info('the budget is shared between processes again')
        away = false
      })
      .catch(noteAway)
      .finally(() => {
        if (!stopped) cancelLook = clock.setTimer(surveyMs, look)
      })
  }
  const noteAway = (error: unknown) => {
    if (!away) log.warn({ err: error }, 'the shared budget is away: calls go on at this process’s share of the rate')
    away = true
  }
  let cancelLook: () => void = () => undefined
  look()

  const pumpAll = (api: string) => {
    for (const { lane, path } of lanes.values()) if (path === api) lane.pump()
  }
  const stockOf = (key: BudgetKey, limits: LimitProfile): Stock => {
    const rule = key.corpId === 0 ? sourceRule(key.api, limits) : corpRule(key.api, limits)
    const text = keyText(key)
    const known = stocks.get(text)
    if (known !== undefined) {
      known.setRule(rule)
      return known
    }
    const stock = createStock({
      key,
      rule,
      source,
      clock,
      sharers,
      onChange: () => pumpAll(key.api),
      onAway: noteAway,
    })
    stocks.set(text, stock)
    return stock
  }
  /** The source's limit binds only where the corps' limits together exceed it. */
  const sourceBinds = (path: string, limits: LimitProfile): boolean =>
    survey.corps * corpRule(path, limits).perMinute > sourceRule(path, limits).perMinute
  const laneOf = (corpId: number, corpid: string, path: string, limits: LimitProfile): Lane => {
    const name = `${corpId} ${path}`
    const rule = corpRule(path, limits)
    const atOnce = concurrencyRule(path, limits, sharers())
    const known = lanes.get(name)
    if (known !== undefined) {
      known.limits = limits
      known.lane.setLimits(rule, atOnce)
      return known.lane
    }
    const own = stockOf({ corpId, source: '', api: path }, limits)
    const shared = stockOf({ corpId: 0, source: sourceName, api: path }, limits)
    const both = [own, shared]
    const alone = [own]
    const lane = createLane({
      corpid,
      path,
      rule,
      atOnce,
      stocks: () => (sourceBinds(path, limits) ? both : alone),
      clock,
    })
    lanes.set(name, { lane, corpId, path, limits })
    return lane
  }
  const stopListening = source.onBlock((blocked) => {
    for (const [text, stock] of stocks) if (blocked === undefined || keyText(blocked) === text) stock.drop()
  })

  const forecastOf = async (corpId: number, path: string, limits: LimitProfile): Promise<Forecast> => {
    const { now, counts, blockedUntil } = await source.history({ corpId, source: '', api: path })
    return forecast(counts, corpRule(path, limits), blockedUntil, now)
  }

  return {
    of(corpId, limits) {
      const known = new Map<string, Lane>()
      const laneFor = (corpid: string, path: string) => {
        const lane = known.get(path) ?? laneOf(corpId, corpid, path, limits)
        known.set(path, lane)
        return lane
      }
      return {
        acquire: ({ corpId: corpid, path, priority, deadline }) =>
          laneFor(corpid, path).acquire({ priority, deadline }),
        limited({ corpId: corpid, path }, kind) {
          log.warn({ corpId, path, kind }, 'the platform refused: over its limit')
          if (kind === 'concurrent') return laneFor(corpid, path).tighten()
          const seconds = limits.value(kind === 'hour' ? 'api.block_hour_s' : 'api.block_minute_s')
          stockOf({ corpId, source: '', api: path }, limits).block(seconds * 1_000)
        },
      }
    },
    forecast: forecastOf,
    async use(corpId, limits) {
      const paths = await source.apis(corpId)
      return Promise.all(paths.map(async (path) => ({ path, ...(await forecastOf(corpId, path, limits)) })))
    },
    load: () =>
      [...lanes.values()].map(({ lane, corpId, path }) => ({
        corpId,
        path,
        waiting: lane.waiting,
        running: lane.running,
      })),
    stop() {
      stopped = true
      cancelLook()
      stopListening()
      for (const stock of stocks.values()) stock.stop()
      for (const { lane } of lanes.values()) lane.stop()
    },
  }
}
