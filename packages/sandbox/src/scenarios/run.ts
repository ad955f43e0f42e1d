import { Refusal } from '../admin/refusal.ts'
import type { ScenarioOptions, ScenarioState } from '../admin/schema.ts'
import { addByCard, addByCode } from '../people/scan.ts'
import type { Platform } from '../platform.ts'
import { type Dice, dice } from '../random.ts'
import { visitOne } from './crowd.ts'
import { laterOn } from './habits.ts'
import type { Script } from './scripts.ts'

export interface Run {
  state(): Pick<ScenarioState, 'running' | 'startedMs' | 'durationMs' | 'progress' | 'adds' | 'actions'>
  stop(): void
}

/** Adds are made in ticks: fine enough that a load comes evenly, coarse enough for one timer. */
const TICK_MS = 20

/** Plays a script on the sandbox's clock. */
export function runScenario(platform: Platform, script: Script, options: ScenarioOptions): Run {
  const { clock, world } = platform
  const durationMs = (options.durationS ?? script.durationS) * 1000
  const perMinute = options.addsPerMinute ?? script.addsPerMinute
  const luck = dice(world.seed + script.name.length * 1009)
  const startedMs = clock.now()
  const mean = script.shape.reduce((sum, share) => sum + share, 0) / script.shape.length
  const fresh = options.newPeople ?? script.newPeople
  let running = true
  let cancel = () => {}
  let adds = 0
  let actions = 0
  let tick = 0
  let owed = 0
  let codes: readonly string[] = []

  const endMs = startedMs + durationMs
  const met = (customer: number, userid: string) =>
    laterOn(platform, script.habits, luck, { customer, userid, endMs }, () => actions++)
  const crowd =
    script.crowd === undefined
      ? undefined
      : {
          ...{ platform, habits: script.crowd, luck, onlyNew: fresh, endMs, done: () => actions++ },
          add: (customer: number) => addOne(platform, codes, luck, customer, met),
        }

  const step = () => {
    const elapsedMs = tick * stepMs
    if (!running || elapsedMs >= durationMs) {
      running = false
      return
    }
    const share = script.shape[Math.min(23, Math.floor((elapsedMs / durationMs) * 24))] ?? 1
    owed += (perMinute * share * stepMs) / mean / 60_000
    if (tick % ticksPerSecond === 0) codes = contents(platform, options)
    for (; owed >= 1; owed--)
      if (crowd === undefined ? scanOne(platform, codes, luck, fresh, met) : visitOne(crowd)) adds++
    tick++
    cancel = clock.setTimer(startedMs + tick * stepMs, step)
  }
  // A slow story needs no fine ticks: a day at one add every four minutes looks every second.
  const stepMs = perMinute >= 600 ? TICK_MS : 1000
  const ticksPerSecond = 1000 / stepMs
  step()

  return {
    state: () => ({
      running,
      startedMs,
      durationMs,
      progress: Math.min(1, Math.max(0, (tick * stepMs) / durationMs)),
      adds,
      actions,
    }),
    stop() {
      running = false
      cancel()
    },
  }
}

/** What there is to scan right now; codes made while the story runs are scanned too. */
function contents({ world }: Platform, options: ScenarioOptions): readonly string[] {
  if (options.contents !== undefined) return options.contents
  const ways = [...world.codes.contactWays.values()].filter((way) => !way.isTemp).map((way) => way.content)
  return ways.concat([...world.codes.links.values()].filter((link) => !link.deleted).map((link) => link.url))
}

type Met = (customer: number, userid: string) => void

function scanOne(platform: Platform, codes: readonly string[], luck: Dice, fresh: boolean, met: Met): boolean {
  const { customers } = platform.world
  const customer = fresh || luck.next() < 0.5 ? customers.add() : luck.below(customers.count)
  return addOne(platform, codes, luck, customer, met)
}

/** Somebody adds a member by one of the codes. */
function addOne(platform: Platform, codes: readonly string[], luck: Dice, customer: number, met: Met): boolean {
  const { staff } = platform.world
  const content = codes[luck.below(codes.length)]
  // Where there is no code yet, people add by a member's card.
  const card = content === undefined ? staff.at(luck.below(staff.count))?.userid : undefined
  try {
    const response =
      content === undefined ? addByCard(platform, customer, card ?? '') : addByCode(platform, customer, content)
    if (response.outcome !== 'added' && response.outcome !== 'half') return false
    met(customer, response.userid)
    return true
  } catch (error) {
    // A code that has died since is passed by, as people do.
    if (error instanceof Refusal) return false
    throw error
  }
}
